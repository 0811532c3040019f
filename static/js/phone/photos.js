// Photos are made small on the telephone: long edge 1600, 300 KB at most. Drawing them anew leaves place, time and
// device of the camera behind.
(function () {
  "use strict";
  var EDGE = 1600;
  var MOST = 300 * 1024;

  function read(file) {
    if (window.createImageBitmap) {
      return window.createImageBitmap(file, { imageOrientation: "from-image" })
        .catch(function () { return window.createImageBitmap(file); })
        .catch(function () { return byTag(file); });
    }
    return byTag(file);
  }
  function byTag(file) {
    return new Promise(function (done, failed) {
      var picture = new Image();
      var address = URL.createObjectURL(file);
      picture.onload = function () { URL.revokeObjectURL(address); done(picture); };
      picture.onerror = function () { URL.revokeObjectURL(address); failed(new Error("picture")); };
      picture.src = address;
    });
  }
  function draw(picture, edge) {
    var wide = picture.width || picture.naturalWidth;
    var high = picture.height || picture.naturalHeight;
    var scale = Math.min(1, edge / Math.max(wide, high));
    var canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(wide * scale));
    canvas.height = Math.max(1, Math.round(high * scale));
    var context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  }
  function encode(canvas, quality) {
    return new Promise(function (done, failed) {
      canvas.toBlob(function (blob) { if (blob) done(blob); else failed(new Error("picture")); }, "image/jpeg", quality);
    });
  }
  function shrink(picture, edge, quality) {
    return encode(draw(picture, edge), quality).then(function (blob) {
      if (blob.size <= MOST || edge <= 400) return blob;
      return quality > 0.5 ? shrink(picture, edge, quality - 0.12) : shrink(picture, Math.round(edge * 0.8), 0.7);
    });
  }

  Phone.photos = {
    MOST: 6,
    small: function (file) {
      return read(file).then(function (picture) {
        return shrink(picture, EDGE, 0.82).then(function (blob) { if (picture.close) picture.close(); return blob; });
      });
    },
  };
})();
