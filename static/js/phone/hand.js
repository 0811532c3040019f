// Out of the telephone without the server: the words to copy, and one file with words and photos that opens anywhere.
(function () {
  "use strict";
  var words = Phone.words;

  function came(lines) {
    return lines.map(function (one) { return one.name + (one.count > 1 ? " " + one.count : ""); });
  }
  // What is said in a record, with the words for it: the same for the card, for copying and for the file.
  function facts(entry) {
    var said = entry.payload || {};
    var who = said.raiser || {};
    return [
      [words.fTitle, said.title || (entry.kind === "roll" ? entry.where : entry.title)],
      [words.fMark, entry.kind === "roll" ? entry.title : ""],
      [words.fVillage, said.region_code], [words.fPlace, said.place], [words.fAgreed, said.agreed], [words.fDissent, said.dissent],
      [words.fCame, said.participants && came(said.participants)], [words.fFindings, said.findings], [words.fHouseholds, said.households],
      [words.fDay, said.visited_on], [words.fProblem, said.problem], [words.fName, who.name], [words.fPhone, who.phone],
      [words.fPromised, said.promised_on],
      [words.fReply, said.reply && [words["reply" + said.reply.charAt(0).toUpperCase() + said.reply.slice(1)] || said.reply, said.reason].filter(Boolean)],
      [words.fUnit, said.unit_name], [words.fDue, said.due_on],
      [words.fWritten, Phone.clock(entry.created || entry.at)],
    ].filter(function (pair) { return pair[1] !== undefined && pair[1] !== null && pair[1] !== "" && String(pair[1]) !== ""; })
      .map(function (pair) { return [pair[0], Array.isArray(pair[1]) ? pair[1].join("\n") : String(pair[1])]; });
  }
  function kindOf(entry) { return words["kind" + entry.kind.charAt(0).toUpperCase() + entry.kind.slice(1)] || entry.kind; }
  function text(entry) {
    var answer = entry.answer && entry.answer.detail ? "\n" + words.theirs + ": " + entry.answer.detail : "";
    return kindOf(entry) + "\n" + facts(entry).map(function (pair) { return pair[0] + ": " + pair[1]; }).join("\n") + answer;
  }

  function byHand(content) {
    var box = Phone.make("textarea", "zb-m-copy");
    box.value = content;
    document.body.appendChild(box);
    box.select();
    var done = false;
    try { done = document.execCommand("copy"); } catch (refused) { done = false; }
    box.remove();
    return done;
  }
  async function copy(content) {
    try {
      await navigator.clipboard.writeText(content);
      return true;
    } catch (refused) { return byHand(content); }
  }

  function base64(bytes) {
    return new Promise(function (done) {
      var reader = new FileReader();
      reader.onload = function () { done(reader.result); };
      reader.readAsDataURL(new Blob([bytes], { type: "image/jpeg" }));
    });
  }
  // One page without scripts; every word goes in as text, so that nothing in it is ever more than text.
  async function page(entries, photos) {
    var sheet = document.implementation.createHTMLDocument(words.fileTitle);
    function put(parent, tag, content) {
      var made = sheet.createElement(tag);
      if (content) made.textContent = content;
      parent.appendChild(made);
      return made;
    }
    var set = sheet.createElement("meta");
    set.setAttribute("charset", "utf-8");
    sheet.head.insertBefore(set, sheet.head.firstChild);
    put(sheet.body, "h1", words.fileTitle);
    put(sheet.body, "p", Phone.clock(Phone.now()));
    for (var i = 0; i < entries.length; i++) {
      var entry = entries[i];
      put(sheet.body, "h2", kindOf(entry) + "　" + (entry.title || ""));
      var list = put(sheet.body, "dl");
      facts(entry).forEach(function (pair) {
        put(list, "dt", pair[0]);
        pair[1].split("\n").forEach(function (line) { put(list, "dd", line); });
      });
      if (entry.answer && entry.answer.detail) put(sheet.body, "p", words.theirs + ": " + entry.answer.detail);
      for (var p = 0; p < photos.length; p++) {
        if (photos[p].parent !== (entry.holds || entry.id)) continue;
        var bytes = await Phone.store.photoBytes(photos[p].id).catch(function () { return null; });
        if (!bytes) continue;
        var picture = put(sheet.body, "img");
        picture.setAttribute("src", await base64(bytes));
        picture.setAttribute("width", "600");
        picture.setAttribute("alt", words.kindPhoto);
      }
    }
    return "<!doctype html>\n" + sheet.documentElement.outerHTML;
  }
  async function file(entries, photos) {
    var blob = new Blob([await page(entries, photos)], { type: "text/html" });
    var link = Phone.make("a");
    link.href = URL.createObjectURL(blob);
    link.download = words.fileName + "-" + Phone.day(new Date(Phone.now())) + ".html";
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
  }

  Phone.hand = { facts: facts, kind: kindOf, text: text, copy: copy, page: page, file: file };
})();
