// On a narrow window the columns of the record are tabs: agenda, statements, consensus, people. Which one is open stands
// in the address. Without this file all stands one below the other.
(function () {
  "use strict";

  var doc = document;
  var desk = doc.querySelector(".zb-desk");
  var bar = doc.getElementById("desk-tabs");
  if (!desk || !bar || !window.matchMedia) return;

  var narrow = window.matchMedia("(max-width: 1099.98px)");
  var tabs = Array.prototype.slice.call(bar.querySelectorAll("[role=tab]"));
  var PANES = { agenda: ["agenda"], said: ["said"], agreed: ["agreed"], people: ["people", "queue"] };
  // Keys that take the focus to a place, as on the line at the foot of the page; others leave the typing alone.
  var CTRL = { k: "said" };
  var ALT = { q: "people", arrowup: "said", arrowdown: "said" };
  var shown = "said";

  function pane(name) { return doc.getElementById("pane-" + name); }
  function count(selector) { return doc.querySelectorAll(selector).length; }
  function each(list, act) { Array.prototype.forEach.call(list, act); }

  function ofElement(element) {
    var box = element && element.closest && element.closest(".zb-pane");
    if (!box) return "";
    var name = box.id.slice("pane-".length);
    return name === "queue" ? "people" : name;
  }

  function draw() {
    var is = narrow.matches;
    bar.hidden = !is;
    desk.classList.toggle("tabbed", is);
    tabs.forEach(function (tab) {
      var on = tab.dataset.pane === shown;
      tab.setAttribute("aria-selected", on ? "true" : "false");
      tab.tabIndex = on ? 0 : -1;
      PANES[tab.dataset.pane].forEach(function (name) {
        var box = pane(name);
        if (!box) return;
        box.classList.toggle("on", on);
        if (is) { box.setAttribute("role", "tabpanel"); box.setAttribute("aria-labelledby", tab.id); }
        else { box.removeAttribute("role"); box.removeAttribute("aria-labelledby"); }
      });
    });
    each(desk.children, function (column) {
      if (!column.classList.contains("zb-pane")) column.classList.toggle("on", !!column.querySelector(".zb-pane.on"));
    });
  }

  function show(name, keepAddress) {
    if (!PANES[name]) return;
    shown = name;
    draw();
    if (!keepAddress && narrow.matches && window.history.replaceState) window.history.replaceState(null, "", "#pane-" + name);
  }

  function number(name, text) {
    var place = doc.querySelector("#tab-" + name + " .js-n");
    if (place && place.textContent !== text) place.textContent = text;
  }
  function tally() {
    var items = count("#clock .zb-agl>li");
    var begun = items - count("#clock .zb-agl>li.n");
    number("agenda", items ? begun + "/" + items : "");
    number("said", String(count("#said-list .js-said")));
    number("agreed", String(count("#agreed .zb-points>li[id]")));
    var came = doc.querySelector("#signin .zb-cnt");
    number("people", came ? came.textContent.replace(/\s+/g, "") : "");
  }

  bar.addEventListener("click", function (event) {
    var tab = event.target.closest("[role=tab]");
    if (tab) show(tab.dataset.pane);
  });
  bar.addEventListener("keydown", function (event) {
    var at = tabs.indexOf(doc.activeElement);
    var to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    var next = tabs[(to + tabs.length) % tabs.length];
    show(next.dataset.pane);
    next.focus();
  });
  // What a key leads to has to be seen before it takes the focus; so these come before those of sessions.js.
  doc.addEventListener("keydown", function (event) {
    if (event.isComposing || !narrow.matches || (event.target.closest && event.target.closest("dialog"))) return;
    var key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && CTRL[key]) show(CTRL[key]);
    else if (event.altKey && !event.ctrlKey && ALT[key]) show(ALT[key]);
  }, true);
  doc.addEventListener("click", function (event) { // who is given the floor is written down next
    if (narrow.matches && event.target.closest && event.target.closest(".js-speaks")) show("said");
  }, true);
  doc.addEventListener("zb-reveal", function (event) { show(ofElement(event.target)); });

  function arrive() {
    var place = window.location.hash && doc.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    var name = ofElement(place);
    if (name) show(name, true);
  }
  window.addEventListener("hashchange", arrive);

  if (narrow.addEventListener) narrow.addEventListener("change", draw);
  else narrow.addListener(draw);
  var waits = false;
  new MutationObserver(function () {
    if (waits) return;
    waits = true;
    window.requestAnimationFrame(function () { waits = false; tally(); });
  }).observe(desk, { childList: true, subtree: true, characterData: true });

  draw();
  arrive();
  tally();
})();
