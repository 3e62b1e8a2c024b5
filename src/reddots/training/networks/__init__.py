"""Network architectures in torch, and their export to ONNX; training only."""
