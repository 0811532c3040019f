// The screen in the hall: asks every two seconds whether anything changed, shows clocks by the server's time, keeps what
// it has when the network is gone. Controls appear with the mouse or a key.
(function () {
  "use strict";

  var doc = document;
  var screen = doc.getElementById("screen");
  if (!screen || !window.fetch || !window.zbMorph) return;
  var lost = doc.getElementById("lost");
  var etag = screen.dataset.etag;
  var offset = new Date(screen.dataset.now).getTime() - Date.now();
  var good = Date.now(), missing = 0, paused = false;
  var POLL = 2000, PATIENCE = 6000;

  function each(selector, act) { Array.prototype.forEach.call(doc.querySelectorAll(selector), act); }
  function two(n) { return ("0" + n).slice(-2); }
  function now() { return Date.now() + offset; }
  // The hour of the house, whatever zone the computer in the hall is set to.
  var zone = /([+-])(\d\d):(\d\d)$/.exec(screen.dataset.now);
  var ahead = zone ? (zone[1] + 1) * (zone[2] * 60 + Number(zone[3])) * 60000 : 0;
  function clock(when) { var time = new Date(when + ahead); return two(time.getUTCHours()) + ":" + two(time.getUTCMinutes()); }
  function span(seconds) {
    var all = Math.max(0, Math.floor(seconds));
    var hours = Math.floor(all / 3600);
    return hours ? hours + ":" + two(Math.floor(all / 60) % 60) + ":" + two(all % 60) : Math.floor(all / 60) + ":" + two(all % 60);
  }
  function text(place, words) { if (place.textContent !== words) place.textContent = words; }
  function tick() {
    each(".js-now", function (place) { text(place, clock(now())); });
    each(".js-used", function (place) { if (place.dataset.since) text(place, span((now() - new Date(place.dataset.since).getTime()) / 1000)); });
    each(".js-left", function (place) {
      if (!place.dataset.due) return;
      var left = (new Date(place.dataset.due).getTime() - now()) / 1000;
      text(place, ((left < 0 ? place.dataset.over : place.dataset.left) + " " + span(Math.abs(left))).trim());
    });
    each(".js-bar", function (bar) {
      var since = new Date(bar.dataset.since).getTime();
      var share = (now() - since) / (new Date(bar.dataset.due).getTime() - since);
      var fill = bar.querySelector(".fg");
      if (fill && isFinite(share)) fill.setAttribute("width", Math.max(0, Math.min(100, share * 100)).toFixed(1));
    });
  }
  setInterval(tick, 500);

  // ---- Points: as many as fit; a new one comes into sight, the others take turns ----

  var first = null, latest = "";
  var PAGE = 3;
  function points() { return Array.prototype.slice.call(doc.querySelectorAll(".js-points > li")); }
  function turn(to) {
    var rows = points();
    if (first === null || to !== undefined) first = to === undefined ? Math.max(0, rows.length - PAGE) : to;
    if (first >= rows.length) first = 0;
    first = Math.max(0, Math.min(first, rows.length - 1));
    rows.forEach(function (row, place) { row.classList.toggle("shown", place >= first && place < first + PAGE); });
  }
  function fresh(before) {
    var rows = points();
    var list = doc.querySelector(".js-points");
    var read = list ? list.dataset.latest : "";
    var news = rows.findIndex(function (row) { return row.id && before.indexOf(row.id) < 0; });
    if (read && read !== latest) news = rows.findIndex(function (row) { return row.dataset.pk === read; });
    latest = read;
    if (news >= 0) turn(Math.max(0, Math.min(news, rows.length - PAGE))); else turn(Math.min(first || 0, Math.max(0, rows.length - 1)));
  }
  var opening = doc.querySelector(".js-points");
  latest = opening ? opening.dataset.latest : "";
  turn();
  setInterval(function () { if (!paused && points().length > PAGE) turn(first + PAGE); }, 12000);

  // ---- Asking ----

  function ask() {
    var stop = window.AbortController ? new AbortController() : null;
    var timer = stop && setTimeout(function () { stop.abort(); }, PATIENCE);
    return window.fetch(screen.dataset.url, { cache: "no-store", credentials: "same-origin", headers: { "If-None-Match": etag }, signal: stop ? stop.signal : undefined }).then(function (response) {
      clearTimeout(timer);
      if (response.status === 404) { missing += 1; if (missing >= 3) say(lost.dataset.ended); return null; }
      if (response.status !== 200 && response.status !== 304) throw new Error("server");
      missing = 0;
      good = Date.now();
      lost.hidden = true;
      var at = Number(response.headers.get("X-Now"));
      if (at) offset = at - Date.now();
      if (response.status === 304) return null;
      etag = response.headers.get("ETag") || etag;
      return response.text().then(take);
    }).catch(function () {
      clearTimeout(timer);
      say(lost.dataset.text);
    });
  }
  function take(html) {
    if (!html) return;
    var page = window.zbMorph.parse("<main id='screen'>" + html + "</main>");
    var before = points().map(function (row) { return row.id; });
    var wanted = page.getElementById("screen");
    Array.prototype.slice.call(screen.attributes).forEach(function (attribute) { wanted.setAttribute(attribute.name, attribute.value); });
    window.zbMorph.morph(screen, wanted);
    fresh(before);
    tick();
  }
  function say(words) {
    text(lost, words.replace("[t]", clock(good + offset)));
    lost.hidden = false;
  }
  function loop() {
    var next = missing >= 3 ? 15000 : POLL - 150 + Math.random() * 300; // two hundred that began together do not stay so
    ask().then(function () { setTimeout(loop, next); });
  }
  setTimeout(loop, POLL);
  window.addEventListener("online", ask);
  tick();

  // ---- Controls ----

  var controls = doc.getElementById("controls");
  var timer = null, size = 0;
  function appear() {
    doc.body.classList.add("lv-moved");
    clearTimeout(timer);
    timer = setTimeout(function () { if (!controls.contains(doc.activeElement) || doc.activeElement === doc.body) doc.body.classList.remove("lv-moved"); }, 3000);
  }
  function full() {
    if (doc.fullscreenElement) doc.exitFullscreen();
    else if (doc.documentElement.requestFullscreen) doc.documentElement.requestFullscreen().catch(function () { /* not allowed here */ });
  }
  function pause() {
    paused = !paused;
    controls.querySelector(".js-pause").setAttribute("aria-pressed", paused ? "true" : "false");
    doc.body.classList.toggle("lv-paused", paused);
  }
  function grow(by) {
    size = Math.max(0, Math.min(3, size + by));
    doc.documentElement.setAttribute("data-size", size);
    try { window.localStorage.setItem("zb:screen:size", String(size)); } catch (refused) { /* private mode */ }
  }
  try { grow(Number(window.localStorage.getItem("zb:screen:size")) || 0); } catch (refused) { /* private mode */ }
  doc.addEventListener("mousemove", appear);
  doc.addEventListener("touchstart", appear, { passive: true });
  controls.addEventListener("focusin", appear);
  controls.querySelector(".js-full").addEventListener("click", full);
  controls.querySelector(".js-pause").addEventListener("click", pause);
  controls.querySelector(".js-larger").addEventListener("click", function () { grow(1); });
  controls.querySelector(".js-smaller").addEventListener("click", function () { grow(-1); });
  doc.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    var key = event.key.toLowerCase();
    if (key === "f") full();
    else if (key === "p" || (key === " " && event.target === doc.body)) { event.preventDefault(); pause(); }
    else if (key === "+" || key === "=") grow(1);
    else if (key === "-") grow(-1);
    else if (key === "arrowright") turn(first + PAGE);
    else if (key !== "tab") return;
    appear();
  });
})();
