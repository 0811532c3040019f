// Fresh markup into a page that is being used: what is the same stays the same node, so that focus, selection, scrolling
// and what is being typed stay. Nodes are matched by their ids, others by their place.
(function () {
  "use strict";

  var doc = document;

  function key(node) { return node.nodeType === 1 && node.id ? node.id : null; }
  function like(one, other) { return one.nodeType === other.nodeType && one.nodeName === other.nodeName && key(one) === key(other); }

  function attributes(old, fresh) {
    Array.prototype.slice.call(old.attributes).forEach(function (attribute) {
      if (attribute.name === "open" && old.nodeName === "DETAILS") return; // whoever opened it wants it open
      if (attribute.name === "class" || fresh.hasAttribute(attribute.name)) return;
      old.removeAttribute(attribute.name);
    });
    Array.prototype.slice.call(fresh.attributes).forEach(function (attribute) {
      if (attribute.name === "open" && old.nodeName === "DETAILS") return;
      if (attribute.name === "hx-swap-oob") return;
      if (old.getAttribute(attribute.name) !== attribute.value) old.setAttribute(attribute.name, attribute.value);
    });
    if (!fresh.hasAttribute("class")) old.removeAttribute("class");
  }
  // What somebody typed into a box stays; what nobody touched follows the server.
  function typed(old, fresh) {
    if (old.nodeName === "INPUT" && old.type !== "hidden" && old.value === old.defaultValue) old.value = fresh.getAttribute("value") || "";
    if (old.nodeName === "INPUT" && old.type === "hidden") old.value = fresh.getAttribute("value") || "";
  }
  function children(old, fresh) {
    var at = old.firstChild;
    Array.prototype.slice.call(fresh.childNodes).forEach(function (wanted) {
      var name = key(wanted);
      var found = name ? doc.getElementById(name) : null;
      if (found && found.parentNode !== old) found = null;
      if (!found && at && !name && like(at, wanted)) found = at;
      if (!found) {
        old.insertBefore(doc.importNode(wanted, true), at);
        return;
      }
      if (found === at) at = at.nextSibling; else old.insertBefore(found, at);
      morph(found, wanted);
    });
    while (at) { var next = at.nextSibling; old.removeChild(at); at = next; }
  }
  function morph(old, fresh) {
    if (old.isEqualNode(fresh)) return old;
    if (!like(old, fresh)) {
      var placed = doc.importNode(fresh, true);
      old.parentNode.replaceChild(placed, old);
      return placed;
    }
    if (old.nodeType !== 1) {
      if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
      return old;
    }
    typed(old, fresh);
    attributes(old, fresh);
    if (old.nodeName !== "TEXTAREA") children(old, fresh);
    return old;
  }
  function parse(text) { return new DOMParser().parseFromString(text, "text/html"); }

  window.zbMorph = { morph: morph, parse: parse };
})();
