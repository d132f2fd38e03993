// The side that speaks, the legend and the slider.

var LINE = getComputedStyle(document.documentElement).getPropertyValue("--line").trim();
var drawn = null, playing = null;

function whenOf(k) {
  var stage = stageOf(data.sites[k], state.year), year = said().sites[k].opens;
  if (stage === "closed") { return t("closed from {year}", { year: said().sites[k].closes }); }
  var sentence = stage === "later" ? "planned for {year}" : stage === "begun" ? "begun, operating from {year}" : "operating since {year}";
  return t(sentence, { year: year });
}

function sayStory() {
  var now = said().years[state.year];
  byId("scenario").textContent = said().scenario;
  byId("headline").textContent = now.headline;
  var numbers = fresh(byId("numbers"));
  now.numbers.forEach(function (figure) {
    var words = /\d/.test(figure.value) && figure.value.length < 16 ? "" : " is-words";
    numbers.append(el("div", { "class": "number" },
      el("dt", {}, figure.label),
      el("dd", { "class": "value" + words }, figure.value),
      el("dd", { "class": "note" }, figure.note ? figure.note + " " : "", badge(figure.basis))));
  });
  var proof = fresh(byId("proof"));
  proof.classList.toggle("is-open", !data.proven);
  proof.append(el("p", {}, said().proof), said().proof_note ? el("p", {}, said().proof_note) : "");
  if (said().load_note) { proof.append(el("p", { "class": "load" }, said().load_note + " ", badge("assumed"))); }
  document.querySelectorAll(".population-note").forEach(function (node) { node.textContent = said().population_note; });
  var sources = fresh(byId("sources"));
  said().sources.forEach(function (source) { sources.append(el("li", { dir: "auto" }, source)); });
}

function sayRanking() {
  var list = fresh(byId("ranking"));
  data.zones.map(function (zone, k) { return k; })
    .sort(function (a, b) { return (data.zones[a].shares[state.year] || 0) - (data.zones[b].shares[state.year] || 0) || a - b; })
    .forEach(function (k) {
      var zone = said().zones[k], share = data.zones[k].shares[state.year] || 0;
      var fill = el("i");
      fill.style.width = 100 * share + "%";
      var button = el("button", { type: "button", "data-zone": data.zones[k].id },
        el("span", { "class": "name", title: zone.name }, zone.name),
        el("span", { "class": "bar", "aria-hidden": "true" }, fill),
        el("span", { "class": "share" }, zone.years[state.year].share));
      button.addEventListener("click", function () { openZone(k); });
      list.append(el("li", {}, button));
    });
}

function openZone(k) {
  state.zone = k;
  drawn.map.closePopup();
  document.body.classList.add("zone-open");
  byId("zone").hidden = false;
  sayZone();
  redraw(drawn);
  byId("zone").scrollTop = 0;
  byId("zone").focus({ preventScroll: true });
  var sheet = narrow() ? byId("zone").getBoundingClientRect() : null;
  var covered = sheet ? Math.max(0, byId("map").getBoundingClientRect().bottom - sheet.top) : 0;
  var beside = !sheet && !document.body.classList.contains("legend-shut") ? byId("legend").offsetWidth + 20 : 0;
  drawn.map.fitBounds(drawn.outlines[k].getBounds(), {
    paddingTopLeft: [36 + (data.quiet === "left" ? beside : 0), 30],
    paddingBottomRight: [36 + (data.quiet === "right" ? beside : 0), 30 + Math.min(covered, drawn.map.getSize().y - 140)],
    maxZoom: 10,
  });
}

function closeZone() {
  if (state.zone < 0) { return; }
  var zone = data.zones[state.zone].id;
  state.zone = -1;
  document.body.classList.remove("zone-open");
  byId("zone").hidden = true;
  redraw(drawn);
  drawn.map.fitBounds(drawn.home, homeRoom());
  var button = byId("ranking").querySelector('[data-zone="' + CSS.escape(zone) + '"]');
  if (button && !narrow()) { button.focus({ preventScroll: true }); }
}

// Room around the country for the legend, which lies in the emptier lower corner, or for its button.
function homeRoom() {
  var shut = document.body.classList.contains("legend-shut");
  var beside = narrow() || shut ? 0 : byId("legend").offsetWidth + 12, below = shut && !narrow() ? 46 : 0;
  return {
    paddingTopLeft: [18 + (data.quiet === "left" ? beside : 0), 18],
    paddingBottomRight: [18 + (data.quiet === "right" ? beside : 0), 18 + below],
  };
}

function sayZone() {
  if (state.zone < 0) { return; }
  var zone = said().zones[state.zone], year = zone.years[state.year];
  byId("zone-name").textContent = zone.name;
  var body = fresh(byId("zone-body"));
  var fill = el("i");
  fill.style.width = 100 * (data.zones[state.zone].shares[state.year] || 0) + "%";
  body.append(
    el("p", { "class": "zone-share" }, el("strong", {}, year.share), el("span", {}, t("Share of people covered") + " · " + said().years[state.year].label)),
    el("span", { "class": "bar", "aria-hidden": "true" }, fill),
    rowsOf(year.rows),
    el("h3", {}, t("Centres of this governorate")));
  var list = el("ul", { "class": "openings" });
  data.sites.forEach(function (site, k) {
    if (site.zone !== state.zone) { return; }
    var stage = stageOf(site, state.year);
    var button = el("button", { type: "button" }, said().sites[k].name);
    button.addEventListener("click", function () { openCentre(drawn, k); });
    list.append(el("li", { "data-stage": stage }, sign(site.operator, site.kind, stage === "later" ? "begun" : stage), button, el("span", { "class": "when" }, whenOf(k))));
  });
  body.append(list.children.length ? list : el("p", { "class": "quiet" }, t("No centre here in this programme")));
}

function sayLegend() {
  var body = fresh(byId("legend-body"));
  function layer(key, title, mark, count) {
    var box = el("input", { type: "checkbox", "data-layer": key });
    box.checked = drawn.shown[key];
    box.addEventListener("change", function () {
      drawn.shown[key] = box.checked;
      drawn.map[box.checked ? "addLayer" : "removeLayer"](drawn.layers[key]);
      redraw(drawn);
    });
    var group = el("div", { "class": "layer" }, el("label", {}, box, mark || "", el("span", {}, title), count ? el("span", { "class": "count" }, count) : ""));
    body.append(group);
    return group;
  }
  function key(group, mark, text, count) {
    group.append(el("div", { "class": "key" }, mark, el("span", {}, text), count ? el("span", { "class": "count" }, count) : ""));
  }
  var centres = layer("centres", t("Centres"));
  key(centres, sign("government", "comprehensive", "operating"), t("Government-run"));
  key(centres, sign("private", "comprehensive", "operating"), t("Privately operated"));
  said().kinds.forEach(function (kind) { key(centres, sign("government", kind.sign, "operating"), kind.title); });
  if (data.sites.some(function (site) { return data.years.indexOf(site.opens) >= 0; })) {
    key(centres, sign("government", "comprehensive", "new"), t("Opened this year"));
  }
  if (data.years.length > 1) {
    key(centres, sign("government", "comprehensive", "begun"), t("Begun, not yet operating"));
  }
  var people = layer("people", t("Where people live, by travel time"));
  var counts = said().years[state.year].bands;
  data.bands.slice(0, 4).forEach(function (band) {
    key(people, dot({ fill: band.colour }), said().bands[band.key], counts[band.key]);
  });
  key(people, casedDot(), t("Outside the standard"), said().years[state.year].outside);
  people.append(el("p", { "class": "quiet" }, t("The size of a point is its number of people") + ". " + t("Zoom in and tap a point for its figures") + ". ", badge("modelled")));
  layer("lost", said().bands.unreachable, dot({ fill: "#fff", stroke: data.bands[4].colour, "stroke-width": 1.8 }), counts.unreachable);
  var shade = layer("shade", t("Governorates") + ": " + t("Share of people covered"));
  var ramp = el("div", { "class": "ramp" });
  data.shares.forEach(function (share, k) {
    var swatch = el("i");
    swatch.style.background = share.colour;
    ramp.append(el("span", { title: said().shares[k] }, swatch, said().shareTicks[k]));
  });
  shade.append(ramp);
  if (data.worst[state.year].length) { key(shade, worstSign(), t("Worst-covered governorate")); }
  if (data.boundaries) { shade.append(el("p", { "class": "quiet" }, t("Boundaries") + " ", badge(data.boundaries))); }
  layer("spare", t("Candidate sites not chosen"), spareSign());
  layer("names", t("Names of governorates"));
}

function dot(paint) {
  var circle = svg("circle", { r: 5.5 });
  for (var name in paint) { circle.setAttribute(name, paint[name]); }
  return svg("svg", { width: 18, height: 18, viewBox: "-9 -9 18 18", "aria-hidden": "true" }, circle);
}

// A point outside its standard: cased, whatever its band.
function casedDot() {
  return svg("svg", { width: 18, height: 18, viewBox: "-9 -9 18 18", "aria-hidden": "true" },
    svg("circle", { r: 7, fill: "#fff", stroke: INK, "stroke-width": 1.6 }), svg("circle", { r: 4, fill: data.bands[2].colour }));
}

function worstSign() {
  return svg("svg", { width: 18, height: 18, viewBox: "-9 -9 18 18", "aria-hidden": "true" },
    svg("rect", { x: -7, y: -5, width: 14, height: 10, fill: "none", stroke: INK, "stroke-width": 2.4 }));
}

function sayFixed() {
  document.documentElement.lang = state.code;
  document.documentElement.dir = said().dir;
  document.title = said().title;
  document.querySelectorAll("[data-text]").forEach(function (node) { node.textContent = t(node.getAttribute("data-text")); });
  document.querySelectorAll("[data-label]").forEach(function (node) { node.setAttribute("aria-label", t(node.getAttribute("data-label"))); });
  byId("map").setAttribute("aria-label", t("Map of the governorates, the centres and where people live"));
  byId("map").setAttribute("role", "region");
  var other = state.code === "ar" ? ["English", "en"] : ["العربية", "ar"];
  byId("switch").textContent = other[0];
  byId("switch").lang = other[1];
}

function sayYear() {
  var now = said().years[state.year];
  var slider = byId("year");
  slider.value = state.year;
  slider.setAttribute("aria-valuetext", now.label);
  byId("now-year").textContent = now.label;
  byId("now-centres").textContent = now.centres;
  var ticks = fresh(byId("ticks"));
  said().years.forEach(function (year, k) {
    var tick = el("button", { type: "button", tabindex: "-1", "class": k === state.year ? "is-now" : "" }, year.label);
    tick.addEventListener("click", function () { stop(); toYear(k); });
    ticks.append(tick);
  });
}

function sayAll() { sayFixed(); sayStory(); sayRanking(); sayZone(); sayLegend(); sayYear(); redraw(drawn); }

function toYear(k) {
  state.year = k;
  drawn.map.closePopup();
  sayStory(); sayRanking(); sayZone(); sayLegend(); sayYear(); redraw(drawn);
}

function toLanguage(code) { state.code = code; drawn.map.closePopup(); sayAll(); }
function narrow() { return matchMedia("(max-width: 760px)").matches; }
function legend(open) {
  document.body.classList.toggle("legend-shut", !open);
  byId("legend-open").setAttribute("aria-expanded", open ? "true" : "false");
}

function stop() {
  clearInterval(playing);
  playing = null;
  byId("dock").classList.remove("playing");
  byId("play").setAttribute("aria-label", t("Play the years"));
}

function play() {
  if (playing) { stop(); return; }
  byId("dock").classList.add("playing");
  byId("play").setAttribute("aria-label", t("Pause"));
  if (state.year === data.years.length - 1) { toYear(0); } else { toYear(state.year + 1); }
  playing = setInterval(function () {
    if (state.year >= data.years.length - 1) { stop(); return; }
    toYear(state.year + 1);
    if (state.year >= data.years.length - 1) { stop(); }
  }, 1500);
}

function start() {
  // map.html#lang=en&year=2024 opens in English on 2024; nothing else is read from the address.
  var asked = new URLSearchParams(location.hash.slice(1));
  if (asked.get("lang") === "en") { state.code = "en"; }
  var year = data.years.indexOf(Number(asked.get("year")));
  if (year >= 0) { state.year = year; }
  byId("year").max = data.years.length - 1;
  byId("dock").hidden = data.years.length < 2;
  document.body.classList.add("quiet-" + data.quiet);
  // Beside a narrow map the open legend would leave the country too little room.
  legend(!narrow() && byId("map").offsetWidth >= 760);
  drawn = makeMap();
  sayAll();
  byId("year").addEventListener("input", function () { stop(); toYear(Number(byId("year").value)); });
  byId("play").addEventListener("click", play);
  byId("switch").addEventListener("click", function () { toLanguage(state.code === "ar" ? "en" : "ar"); });
  byId("zone-close").addEventListener("click", closeZone);
  byId("zoom-in").addEventListener("click", function () { drawn.map.zoomIn(); });
  byId("zoom-out").addEventListener("click", function () { drawn.map.zoomOut(); });
  byId("legend-open").addEventListener("click", function () { legend(true); byId("legend").focus(); });
  byId("legend-close").addEventListener("click", function () { legend(false); byId("legend-open").focus(); });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    if (document.body.classList.contains("popup-open")) { drawn.map.closePopup(); return; }
    if (narrow() && !document.body.classList.contains("legend-shut")) { legend(false); } else { closeZone(); }
  });
  if (document.fonts && document.fonts.ready) { document.fonts.ready.then(function () { thinNames(drawn); }); }
}

start();
