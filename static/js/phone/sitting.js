// On the spot: who came, what was said and agreed, each mark a record of its own in the queue. The page shows what the
// server knew when it was made, and over it what this telephone has written since, sent or not.
(function () {
  "use strict";
  var page = document.querySelector(".js-sitting");
  if (!page) return;
  var uuid = page.dataset.uuid;
  var made = Number(page.dataset.now);
  var state = page.dataset.state;
  var last = 0;

  function word(name, facts) {
    var text = page.dataset[name] || "";
    Object.keys(facts || {}).forEach(function (key) { text = text.replace("[" + key + "]", facts[key]); });
    return text;
  }
  function complain(text) {
    var place = page.querySelector(".js-wrong");
    place.textContent = text || "";
    place.hidden = !text;
    if (text) place.scrollIntoView({ block: "center" });
  }
  function icon() { return page.querySelector(".js-tick svg, .js-open svg"); }

  // ---- Into the queue: always behind what stands there, and never over it ----

  var lining = Promise.resolve();
  function note(verb, title, payload) {
    lining = lining.then(function () { return add(verb, title, payload); });
    return lining;
  }
  async function add(verb, title, payload) {
    var at = Phone.now();
    last = Math.max(last + 1, await Phone.store.behind().catch(Phone.now));
    var entry = {
      id: payload.key || payload.client_id || Phone.uuid(), seq: last, kind: "roll", verb: verb, state: "waiting", tries: 0, next: 0,
      at: at, created: at, rev: 0, path: "/api/v1/sessions/" + uuid + "/" + verb + "/", subject: uuid, where: page.dataset.title,
      title: title, payload: payload,
    };
    try {
      await Phone.store.keep(entry);
    } catch (refused) {
      complain(Phone.words.notKept);
      Phone.tell("full", true);
      return false;
    }
    complain("");
    soon();
    return true;
  }
  var timer = null;
  function soon() { clearTimeout(timer); timer = setTimeout(function () { Phone.sync.run(true); }, 400); }

  // ---- What this page shows ----

  function mine(entries) {
    return entries.filter(function (entry) {
      return entry.kind === "roll" && !entry.locked && entry.subject === uuid && entry.verb && (entry.state !== "done" || entry.at > made);
    });
  }
  function mark(entry) {
    if (entry.state === "done") return "";
    return entry.state === "refused" || entry.state === "note" ? word("refused") : word("waits");
  }
  function heads(row) {
    var known = Number(row.dataset.among) || 0;
    if (row.dataset.nowAttendance !== "present") return known;
    if (row.dataset.listed) return 0;
    return Math.max(known, Number(row.dataset.nowHeads) || Number(row.dataset.count));
  }
  function show(row, attendance, at, come, tail) {
    row.dataset.nowAttendance = attendance;
    row.dataset.nowHeads = come || "";
    var how = row.querySelector(".js-how");
    var text = "";
    if (attendance === "present") text = at ? word("came", { t: Phone.clock(at) }) : word("came", { t: "" });
    else if (attendance) text = word(attendance);
    else if (!row.dataset.attendance) text = row.dataset.shown || "";
    if (come) text += " " + come;
    how.textContent = [text, tail].filter(Boolean).join("　");
    how.classList.toggle("song", attendance === "present");
    how.classList.toggle("zhe", Boolean(tail));
    var button = row.querySelector(".js-tick");
    if (!button) return;
    button.setAttribute("aria-pressed", attendance === "present" ? "true" : "false");
    button.classList.toggle("on", attendance === "present");
    button.hidden = false;
    button.disabled = state !== "in_progress";
    var box = row.querySelector(".js-heads");
    if (box) box.hidden = attendance === "present";
  }
  function line(list, entry, text) {
    var item = Phone.make("li", "", text);
    item.dataset.entry = entry.id;
    var tail = mark(entry);
    if (tail) item.appendChild(Phone.make("span", "s zhe", tail));
    list.appendChild(item);
  }
  async function draw() {
    var entries = mine(await Phone.store.entries());
    entries.forEach(function (entry) { last = Math.max(last, entry.seq); });
    if (entries.some(function (entry) { return entry.verb === "open" && entry.state !== "refused" && entry.state !== "note"; })) state = "in_progress";
    else state = page.dataset.state;
    Phone.each(".js-open-part", function (part) { part.hidden = state !== "announced"; }, page);
    Phone.each(".js-open", function (button) { button.disabled = false; }, page);
    Phone.each(".js-quick", function (form) {
      form.hidden = state === "held";
      Phone.each("button", function (button) { button.disabled = state !== "in_progress"; }, form);
    }, page);
    var newest = {};
    entries.forEach(function (entry) { if (entry.verb === "mark_attendance") newest[entry.payload.participant] = entry; });
    Phone.each("[data-line]", function (row) {
      var entry = newest[row.dataset.line];
      if (entry) show(row, entry.payload.attendance, entry.created, entry.payload.came, mark(entry));
      else show(row, row.dataset.attendance, Number(row.dataset.at) * 1000, row.dataset.heads, "");
    }, page);
    var people = page.querySelector(".js-new-people");
    people.textContent = "";
    var total = 0;
    entries.forEach(function (entry) {
      if (entry.verb !== "walk_in") return;
      line(people, entry, entry.payload.name + (entry.payload.count > 1 ? "　" + entry.payload.count : "") + "　" + word("came", { t: Phone.clock(entry.created) }));
      if (entry.state !== "refused" && entry.state !== "note") total += entry.payload.count;
    });
    Phone.each("[data-line]", function (row) { total += heads(row); }, page);
    page.querySelector(".js-came").textContent = total;
    fill(".js-points", entries, "agree_point", function (said) { return [said.text, said.unit_name, said.due_on].filter(Boolean).join("　"); });
    fill(".js-said", entries, "add_statement", function (said) { return (said.by || nameOf(said.participant)) + "　" + said.text; });
    page.dataset.ready = "yes";
  }
  function fill(place, entries, verb, text) {
    var list = page.querySelector(place);
    Phone.each("[data-entry]", function (item) { item.remove(); }, list);
    entries.forEach(function (entry) { if (entry.verb === verb) line(list, entry, text(entry.payload)); });
  }
  function nameOf(participant) {
    var row = page.querySelector("[data-line='" + participant + "']");
    return row ? row.dataset.name : "";
  }

  // ---- What is touched ----

  Phone.on("click", ".js-tick", function (button) {
    var row = button.closest("[data-line]");
    var was = row.dataset.nowAttendance || "";
    var present = was !== "present";
    var at = new Date(Phone.now()).toISOString();
    var payload = { participant: row.dataset.line, attendance: present ? "present" : "", was: was, at: at, key: Phone.uuid() };
    var box = row.querySelector(".js-heads");
    var come = box ? parseInt(box.value, 10) : 0;
    if (present && come > 0 && come < Number(row.dataset.count)) payload.came = come;
    button.disabled = true; // until it is kept: two quick taps are one
    note("mark_attendance", word(present ? "ticked" : "unticked", { w: row.dataset.name }), payload).then(draw);
  });
  Phone.on("click", ".js-open", function (button) {
    button.disabled = true;
    note("open", word("opened"), { at: new Date(Phone.now()).toISOString() }).then(draw);
  });
  function value(form, name) { return form.elements[name] ? String(form.elements[name].value || "").trim() : ""; }
  var READ = {
    walk_in: function (form) {
      var count = Math.max(1, Math.min(2000, parseInt(value(form, "count"), 10) || 1));
      if (!value(form, "name")) return { wrong: word("who"), at: "name" };
      var said = { category: value(form, "category"), name: value(form, "name"), count: count, key: Phone.uuid(), at: new Date(Phone.now()).toISOString() };
      return { said: said, title: word("walked", { w: said.name, n: count }) };
    },
    agree_point: function (form) {
      var said = { text: value(form, "text").replace(/\s*\n\s*/g, " "), level: "agreed", client_id: Phone.uuid() };
      if (!said.text) return { wrong: word("agree"), at: "text" };
      ["unit_name", "due_on", "topic"].forEach(function (name) { if (value(form, name)) said[name] = value(form, name); });
      return { said: said, title: said.text };
    },
    add_statement: function (form) {
      var said = { text: value(form, "text"), kind: value(form, "kind"), client_id: Phone.uuid(), claimed_at: new Date(Phone.now()).toISOString() };
      if (value(form, "participant")) said.participant = value(form, "participant");
      else if (value(form, "by")) { said.by = value(form, "by"); said.category = value(form, "category"); }
      else return { wrong: word("who"), at: "by" };
      if (!said.text) return { wrong: word("what"), at: "text" };
      return { said: said, title: (said.by || nameOf(said.participant)) + ": " + said.text };
    },
  };
  document.addEventListener("submit", async function (event) {
    var form = event.target;
    if (!form.matches(".js-quick")) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    var read = READ[form.dataset.verb](form);
    if (read.wrong) { complain(read.wrong); form.elements[read.at].focus(); return; }
    form.dataset.busy = "1";
    var kept = await note(form.dataset.verb, read.title, read.said);
    delete form.dataset.busy;
    if (!kept) return; // what was typed stays in its field
    ["name", "text", "unit_name", "due_on", "by"].forEach(function (name) { if (form.elements[name]) form.elements[name].value = ""; });
    if (form.elements.count) form.elements.count.value = "1";
    unsaid(form.dataset.verb);
    draw();
  });

  // Half a sentence outlives a reload: one draft for each of the small forms.
  function draft(verb) { return "roll:" + uuid + ":" + verb; }
  function unsaid(verb) { Phone.store.dropDraft(draft(verb)); }
  var typing = null;
  document.addEventListener("input", function (event) {
    var form = event.target.closest && event.target.closest(".js-quick");
    if (!form) return;
    clearTimeout(typing);
    typing = setTimeout(function () {
      var kept = {};
      Phone.each("input, textarea, select", function (input) { kept[input.name] = input.value; }, form);
      if (!kept.text && !kept.name) { unsaid(form.dataset.verb); return; }
      Phone.store.keepDraft({ id: draft(form.dataset.verb), kind: "roll", at: Phone.now(), words: kept, title: kept.text || kept.name || "" }).catch(function () { complain(Phone.words.notKept); });
    }, 250);
  });
  async function recall() {
    var forms = Array.prototype.slice.call(page.querySelectorAll(".js-quick"));
    for (var i = 0; i < forms.length; i++) {
      var kept = await Phone.store.draft(draft(forms[i].dataset.verb));
      if (!kept || !kept.words) continue;
      Object.keys(kept.words).forEach(function (name) { if (forms[i].elements[name] && kept.words[name]) forms[i].elements[name].value = kept.words[name]; });
    }
    somebody();
  }
  function somebody() {
    var speaker = page.querySelector(".js-speaker");
    if (speaker) page.querySelector(".js-somebody").hidden = Boolean(speaker.value);
  }
  document.addEventListener("change", function (event) { if (event.target.matches(".js-speaker")) somebody(); });

  Phone.each("[data-line]", function (row) { row.dataset.shown = row.querySelector(".js-how").textContent; }, page);
  Phone.hear("open", async function () { await recall(); await draw(); });
  Phone.hear("changed", draw);
})();
