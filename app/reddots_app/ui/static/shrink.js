// Photos are made smaller here before they are sent: upright, without place and time.
(() => {
  "use strict";
  const rd = window.redDots;
  const QUALITY = 0.92;
  const LONGEST = 2; // times the shorter side

  const canvasOf = (width, height) => Object.assign(document.createElement("canvas"), { width, height });
  const jpeg = (canvas) => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));

  // Of a bitmap the part [left, top, width, height] in pixels, its shorter side at most `side`.
  rd.jpegOf = async (bitmap, side, [left, top, width, height] = [0, 0, bitmap.width, bitmap.height]) => {
    const scale = Math.min(1, side / Math.min(width, height), (LONGEST * side) / Math.max(width, height));
    const size = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
    const canvas = canvasOf(...size);
    const brush = canvas.getContext("2d");
    brush.imageSmoothingQuality = "high";
    brush.fillStyle = "#ffffff"; // behind what is transparent
    brush.fillRect(0, 0, ...size);
    brush.drawImage(bitmap, left, top, width, height, 0, 0, ...size);
    return jpeg(canvas);
  };

  rd.bitmapOf = async (blob) => {
    try {
      return await createImageBitmap(blob, { imageOrientation: "from-image" });
    } catch {
      return null; // this browser cannot open it, such as HEIC in most
    }
  };

  // A smaller copy, or null where this browser cannot open the photo.
  rd.shrink = async (file, side) => {
    const bitmap = await rd.bitmapOf(file);
    if (!bitmap) return null;
    const copy = await rd.jpegOf(bitmap, side);
    bitmap.close();
    return copy;
  };
})();
