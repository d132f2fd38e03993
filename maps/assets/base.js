// Small tools: elements made without markup, sentences filled, numbers written.
// Nothing here or after ever writes innerHTML: a name is text and stays text.

var data = JSON.parse(document.getElementById("data").textContent);
var state = { code: "ar", year: data.years.length - 1, zone: -1 };

function byId(id) { return document.getElementById(id); }
function said() { return data.languages[state.code]; }

function t(sentence, values) {
  var text = said().texts[sentence];
  if (text === undefined) { throw new Error("No text: " + sentence); }
  return text.replace(/\{(\w+)\}/g, function (gap, key) {
    return values && key in values ? isolated(String(values[key])) : gap;
  });
}

function isolated(text) {
  if (state.code === "en" || /^[\u2066\u2068]/.test(text)) { return text; }
  return "\u2068" + text + "\u2069";
}

// As foundation.language.Language.number writes it; `value` has at most `decimals` decimals.
function number(value, decimals) {
  if (value === null) { return "\u2014"; }
  var parts = value.toFixed(decimals || 0).split(".");
  parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, ",");
  var text = parts.join(".");
  return state.code === "en" ? text : "\u2066" + text + "\u2069";
}

function el(tag, attributes) {
  var made = document.createElement(tag);
  for (var key in attributes || {}) {
    if (attributes[key] !== null && attributes[key] !== undefined) { made.setAttribute(key, attributes[key]); }
  }
  for (var k = 2; k < arguments.length; k++) {
    if (arguments[k] !== null && arguments[k] !== "") { made.append(arguments[k]); }
  }
  return made;
}

function svg(tag, attributes) {
  var made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (var key in attributes) { made.setAttribute(key, attributes[key]); }
  for (var k = 2; k < arguments.length; k++) { made.append(arguments[k]); }
  return made;
}

function fresh(parent) { parent.replaceChildren(); return parent; }
function badge(basis) { return basis ? el("span", { "class": "badge" }, t(basis)) : ""; }

// Label, value, note and basis of each row, as a definition list.
function rowsOf(rows) {
  var list = el("dl", { "class": "rows" });
  rows.forEach(function (row) {
    var note = row.note || row.basis ? el("small", {}, row.note ? row.note + " " : "", badge(row.basis)) : "";
    list.append(el("div", {}, el("dt", {}, row.label), el("dd", {}, row.value, note)));
  });
  return list;
}

var ACCENT = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
var INK = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();

// The sign of a centre: a disc for the government's, a lozenge for a private operator's, a square for an agency
// point, a triangle for a mobile unit, smaller for partial services, hollow before it operates, ringed in the
// year it opens.
function sign(operator, kind, stage) {
  var size = { partial: 5, agency: 5, mobile: 6 }[kind] || 7.5;
  var drawn = svg("svg", { width: 24, height: 24, viewBox: "-12 -12 24 24", "aria-hidden": "true" });
  function shape(r, paint) {
    var made = kind === "agency" ? svg("rect", { x: -r, y: -r, width: 2 * r, height: 2 * r })
      : kind === "mobile" ? svg("path", { d: "M0 " + -r * 1.2 + "L" + r * 1.15 + " " + r * 0.85 + "L" + -r * 1.15 + " " + r * 0.85 + "Z" })
      : operator === "private"
      ? svg("path", { d: "M0 " + -r * 1.25 + "L" + r * 1.25 + " 0L0 " + r * 1.25 + "L" + -r * 1.25 + " 0Z" })
      : svg("circle", { r: r });
    for (var key in paint) { made.setAttribute(key, paint[key]); }
    return made;
  }
  if (stage === "new") { drawn.append(shape(size + 3.6, { fill: "#fff", "fill-opacity": 0.75, stroke: ACCENT, "stroke-width": 1.6 })); }
  if (stage === "begun" || stage === "closed") {
    drawn.append(shape(size - 1, { fill: "#fff", stroke: ACCENT, "stroke-width": 2, "stroke-dasharray": "3 2.2" }));
  } else {
    drawn.append(shape(size, { fill: ACCENT, stroke: "#fff", "stroke-width": 1.8 }));
  }
  return drawn;
}

// Where a centre stands in a year: "later", "begun", "new" (its first year of operating), "operating" or "closed".
function stageOf(site, yearIndex) {
  var year = data.years[yearIndex];
  if (site.closes !== null && site.closes <= year) { return "closed"; }
  if (site.opens > year) { return site.begun <= year ? "begun" : "later"; }
  return site.opens === year ? "new" : "operating";
}
