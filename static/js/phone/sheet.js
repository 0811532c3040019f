// What stands in a form of the telephone: its fields, who came, what is missing, and what of it is sent.
(function () {
  "use strict";

  Phone.sheet = function (form, kind) {
    var SKIP = ["csrfmiddlewaretoken", "_once", "client_id", "send"];
    function inputs() {
      return Array.prototype.filter.call(form.elements, function (input) {
        return input.name && SKIP.indexOf(input.name) < 0 && !input.matches("button,[type=file]") && !(input.type === "hidden" && input.name !== "host");
      });
    }
    function fields() {
      var kept = {};
      inputs().forEach(function (input) {
        if (input.type === "checkbox" || input.type === "radio") { if (input.checked) kept[input.name] = input.value; }
        else if (input.value !== "") kept[input.name] = input.value;
      });
      return kept;
    }
    function fill(kept, came) {
      inputs().forEach(function (input) {
        var value = kept[input.name];
        if (input.type === "checkbox" || input.type === "radio") input.checked = value === input.value;
        else if (input.tagName === "SELECT") {
          var known = Array.prototype.some.call(input.options, function (option) { return option.value === value; });
          if (known) input.value = value;
        } else if (input.type !== "hidden") input.value = value === undefined ? "" : value;
      });
      came.forEach(addParty);
    }
    function value(name) {
      var input = form.elements[name];
      return input ? String(input.value || "").trim() : "";
    }
    function ticked(name) { return Boolean(form.elements[name] && form.elements[name].checked); }
    function lines(name) {
      return value(name).split(/\n/).map(function (line) { return line.replace(/^\s*\d{1,2}[.、．)）]\s*/, "").trim(); }).filter(Boolean);
    }

    // ---- Who came: heads by class, and parties by name ----

    var partyPlace = form.querySelector(".js-parties");
    function addParty(party) {
      var row = form.querySelector(".js-party-row").content.firstElementChild.cloneNode(true);
      var parts = row.querySelectorAll("select, input");
      if (party) { parts[0].value = party.category; parts[1].value = party.name; parts[2].value = party.count; }
      partyPlace.appendChild(row);
      if (!party) parts[1].focus();
    }
    function parties() {
      if (!partyPlace) return [];
      return Array.prototype.map.call(partyPlace.querySelectorAll(".zb-m-party"), function (row) {
        var parts = row.querySelectorAll("select, input");
        return { category: parts[0].value, name: parts[1].value.trim(), count: parts[2].value.trim() };
      });
    }
    function participants() {
      var found = [];
      Phone.each("[name^=came_]", function (input) {
        var heads = parseInt(input.value, 10);
        if (heads > 0) found.push({ category: input.name.slice(5), name: input.closest("label").firstChild.textContent.trim(), count: Math.min(heads, 2000), attendance: "present" });
      }, form);
      parties().forEach(function (party) {
        var heads = Math.max(1, Math.min(2000, parseInt(party.count, 10) || 1));
        if (party.name) found.push({ category: party.category, name: party.name, count: heads, attendance: "present" });
      });
      return found;
    }

    // ---- What is sent ----

    function some(facts) {
      var kept = {};
      Object.keys(facts).forEach(function (name) {
        var fact = facts[name];
        if (fact !== "" && fact !== null && fact !== undefined && !(Array.isArray(fact) && !fact.length)) kept[name] = fact;
      });
      return kept;
    }
    function venue() {
      var chosen = form.querySelector("[name=venue_kind]:checked");
      return chosen ? { value: chosen.value, word: chosen.parentNode.textContent.trim() } : { value: "", word: "" };
    }
    var BUILD = {
      log: function (id, at) {
        var where = venue();
        return some({
          host: value("host") || Phone.host, region_code: value("region_code"), title: value("title"), venue_kind: where.value,
          place: value("place") || where.word, agreed: lines("agreed"), dissent: lines("dissent"), participants: participants(),
          form: value("form"), topic: value("topic"), starts_at: value("starts_at"), further_round_reason: value("further_round_reason"),
          client_id: id, claimed_at: at,
        });
      },
      visit: function (id, at) {
        return some({
          host: value("host") || Phone.host, region_code: value("region_code"), place: value("place"), findings: lines("findings"),
          households: value("households") ? parseInt(value("households"), 10) : null, visited_on: value("visited_on") || Phone.day(new Date()),
          topic: value("topic"), client_id: id, claimed_at: at,
        });
      },
      slip: function (id) {
        var own = value("raised_by") === "self";
        var who = { category: "resident", name: value("name"), phone: value("phone"), consented: ticked("consented"), wants_to_attend: ticked("wants_to_attend") };
        return some({
          host: value("host") || Phone.host, source: own ? "member" : "resident", title: value("title"), problem: value("problem"),
          region_code: value("region_code"), place: value("place"), raiser: own ? null : some(who), client_id: id,
        });
      },
      claim: function () { return some({ promised_on: value("promised_on"), group: value("group"), member: value("member") }); },
      reply: function () { return some({ participant: form.dataset.participant, reply: value("reply"), reason: value("reason") }); },
    };

    // ---- What is missing ----

    function missing() {
      var found = [];
      function need(name, ok, words) { if (!ok) found.push({ name: name, text: Phone.words[words] }); }
      if (kind === "log") {
        need("title", value("title"), "sayTitle");
        need("region_code", value("region_code"), "sayPlace");
        need("agreed", lines("agreed").length, "sayAgreed");
      } else if (kind === "visit") {
        need("findings", lines("findings").length, "sayFindings");
        need("region_code", value("region_code"), "sayPlace");
      } else if (kind === "slip") {
        need("title", value("title"), "sayTitle");
        need("problem", value("problem"), "sayProblem");
        need("region_code", value("region_code"), "sayPlace");
        if (value("raised_by") !== "self" && value("phone")) need("consented", ticked("consented"), "sayConsent");
      } else if (kind === "claim") need("promised_on", value("promised_on"), "sayPromised");
      else if (kind === "reply") need("reason", value("reply") !== "excused" || value("reason"), "sayReason");
      return found;
    }

    return {
      fields: fields,
      fill: fill,
      value: value,
      parties: parties,
      addParty: addParty,
      dropParties: function () { if (partyPlace) partyPlace.textContent = ""; },
      missing: missing,
      payload: function (id, at) { return BUILD[kind](id, at); },
    };
  };
})();
