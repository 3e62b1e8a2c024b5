"""Statistical inference: confidence intervals, resampling by group, tests and sample size."""
