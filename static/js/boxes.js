// Boxes over faces, drawn on the picture by mouse, finger or keyboard. The numbers beside it are what is sent;
// without this file they are typed.
(function () {
  "use strict";

  var desk = document.querySelector(".js-boxes");
  if (!desk) return;
  var form = desk.closest("form");
  var svg = desk.querySelector("svg");
  var most = parseInt(desk.dataset.most, 10) || 60;
  var NS = "http://www.w3.org/2000/svg";
  var WHOLE = 1000, LEAST = 8, STEP = 10;
  var names = ["left", "top", "width", "height"];
  var boxes = [];
  var chosen = -1;
  var past = [];
  var undo = document.querySelector(".js-box-undo");

  // ---- The numbers ----

  function rows() { return Array.prototype.slice.call(form.querySelectorAll(".js-box-row")); }
  function inputs(row) { return Array.prototype.slice.call(row.querySelectorAll("input")); }
  function addRow() {
    var all = rows();
    var last = all[all.length - 1];
    var fresh = last.cloneNode(true);
    var number = all.length;
    fresh.setAttribute("aria-label", desk.dataset.word + " " + (number + 1));
    fresh.querySelector("b").textContent = number + 1;
    inputs(fresh).forEach(function (input, place) {
      input.name = "b" + number + "_" + names[place];
      input.id = "id_" + input.name;
      input.value = "";
    });
    Array.prototype.forEach.call(fresh.querySelectorAll(".zb-errmsg"), function (error) { error.remove(); });
    last.after(fresh);
    return fresh;
  }
  function write() {
    while (rows().length < Math.min(most, boxes.length + 1)) addRow();
    rows().forEach(function (row, place) {
      inputs(row).forEach(function (input, side) {
        input.value = boxes[place] ? (boxes[place][side] / 10).toString() : "";
      });
    });
  }
  function read() {
    boxes = [];
    rows().forEach(function (row) {
      var four = inputs(row).map(function (input) { return Math.round(parseFloat(input.value) * 10); });
      if (four.every(function (n) { return !isNaN(n); }) && four[2] > 0 && four[3] > 0) boxes.push(inside(four));
    });
  }
  function inside(box) {
    var left = Math.max(0, Math.min(WHOLE - LEAST, box[0])), top = Math.max(0, Math.min(WHOLE - LEAST, box[1]));
    return [left, top, Math.max(LEAST, Math.min(WHOLE - left, box[2])), Math.max(LEAST, Math.min(WHOLE - top, box[3]))];
  }

  // ---- The picture ----

  function piece(kind, box, place) {
    var rect = document.createElementNS(NS, "rect");
    rect.setAttribute("x", box[0]);
    rect.setAttribute("y", box[1]);
    rect.setAttribute("width", box[2]);
    rect.setAttribute("height", box[3]);
    rect.dataset.place = place;
    if (kind === "grip") {
      rect.setAttribute("class", "grip");
    } else {
      rect.setAttribute("tabindex", "0");
      rect.setAttribute("role", "img");
      rect.setAttribute("aria-label", desk.dataset.word + " " + (place + 1) + ": " + box.map(function (n) { return n / 10 + "%"; }).join(", "));
      if (place === chosen) rect.setAttribute("class", "on");
    }
    svg.appendChild(rect);
    return rect;
  }
  function gripOf(box) {
    var shape = svg.getBoundingClientRect();
    var wide = WHOLE * 18 / (shape.width || 600), high = WHOLE * 18 / (shape.height || 400);
    return [box[0] + box[2] - wide / 2, box[1] + box[3] - high / 2, wide, high];
  }
  function draw(focus) {
    while (svg.firstChild) svg.firstChild.remove();
    var found = null;
    boxes.forEach(function (box, place) {
      var rect = piece("box", box, place);
      if (place === chosen) found = rect;
    });
    if (boxes[chosen]) piece("grip", gripOf(boxes[chosen]), chosen);
    if (focus && found) found.focus();
    undo.disabled = !past.length;
  }
  function remember() {
    past.push(JSON.stringify(boxes));
    if (past.length > 100) past.shift();
  }
  function settle(focus) { write(); draw(focus); }
  function remove(place) {
    remember();
    boxes.splice(place, 1);
    chosen = Math.min(place, boxes.length - 1);
    settle(true);
  }
  function add(box) {
    if (boxes.length >= most) return;
    remember();
    boxes.push(inside(box));
    chosen = boxes.length - 1;
  }

  // ---- Mouse and finger ----

  var drag = null;
  function at(event) {
    var shape = svg.getBoundingClientRect();
    return [(event.clientX - shape.left) / shape.width * WHOLE, (event.clientY - shape.top) / shape.height * WHOLE].map(Math.round);
  }
  svg.addEventListener("pointerdown", function (event) {
    if (event.button) return;
    event.preventDefault();
    var from = at(event);
    var target = event.target;
    if (target.tagName === "rect") {
      chosen = parseInt(target.dataset.place, 10);
      remember();
      drag = { kind: target.classList.contains("grip") ? "size" : "move", from: from, box: boxes[chosen].slice(), moved: false };
    } else {
      if (boxes.length >= most) return;
      drag = { kind: "new", from: from, box: null, moved: false };
    }
    svg.setPointerCapture(event.pointerId);
    draw(false);
  });
  svg.addEventListener("pointermove", function (event) {
    if (!drag) return;
    var to = at(event);
    var across = to[0] - drag.from[0], down = to[1] - drag.from[1];
    if (drag.kind === "new") {
      if (Math.abs(across) < LEAST || Math.abs(down) < LEAST) return;
      if (!drag.moved) add([0, 0, LEAST, LEAST]);
      boxes[chosen] = inside([
        Math.max(0, Math.min(drag.from[0], to[0])), Math.max(0, Math.min(drag.from[1], to[1])), Math.abs(across), Math.abs(down)
      ]);
    } else if (drag.kind === "move") {
      var box = drag.box;
      boxes[chosen] = [
        Math.max(0, Math.min(WHOLE - box[2], box[0] + across)), Math.max(0, Math.min(WHOLE - box[3], box[1] + down)), box[2], box[3]
      ];
    } else {
      boxes[chosen] = inside([drag.box[0], drag.box[1], drag.box[2] + across, drag.box[3] + down]);
    }
    drag.moved = true;
    draw(false);
  });
  function drop() {
    if (!drag) return;
    if (!drag.moved && drag.kind !== "new") past.pop();
    drag = null;
    settle(true);
  }
  svg.addEventListener("pointerup", drop);
  svg.addEventListener("pointercancel", drop);

  // ---- Keyboard ----

  var ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  svg.addEventListener("keydown", function (event) {
    var place = parseInt(event.target.dataset.place, 10);
    if (isNaN(place) || !boxes[place]) return;
    chosen = place;
    var way = ARROWS[event.key];
    if (way) {
      event.preventDefault();
      remember();
      var box = boxes[place];
      boxes[place] = event.shiftKey
        ? inside([box[0], box[1], box[2] + way[0] * STEP, box[3] + way[1] * STEP])
        : [Math.max(0, Math.min(WHOLE - box[2], box[0] + way[0] * STEP)), Math.max(0, Math.min(WHOLE - box[3], box[1] + way[1] * STEP)), box[2], box[3]];
      settle(true);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      remove(place);
    }
  });
  svg.addEventListener("focusin", function (event) {
    var place = parseInt(event.target.dataset.place, 10);
    if (isNaN(place) || place === chosen || drag) return;
    chosen = place;
    draw(true);
  });
  function back() {
    if (!past.length) return;
    boxes = JSON.parse(past.pop());
    chosen = Math.min(chosen, boxes.length - 1);
    settle(false);
  }
  undo.addEventListener("click", back);
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && event.target.tagName !== "INPUT") { event.preventDefault(); back(); }
  });
  document.querySelector(".js-box-add").addEventListener("click", function () {
    add([400, 400, 200, 200]);
    settle(true);
  });
  var solid = document.querySelector(".js-box-solid");
  solid.addEventListener("click", function () {
    var on = desk.classList.toggle("solid");
    solid.setAttribute("aria-pressed", on ? "true" : "false");
  });
  form.addEventListener("change", function (event) {
    if (!event.target.closest(".js-box-row")) return;
    remember();
    read();
    draw(false);
  });

  svg.removeAttribute("aria-hidden");
  svg.removeAttribute("focusable");
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", form.querySelector(".zb-box-rows legend").textContent);
  read();
  draw(false);
  window.addEventListener("resize", function () { draw(false); });
})();
