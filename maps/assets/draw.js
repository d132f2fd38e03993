// The map itself: panes from the ground up, redrawn for a year and a language.

function makeMap() {
  var still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  var map = L.map("map", {
    attributionControl: false, zoomControl: false, zoomSnap: 0.25, zoomDelta: 0.75, maxZoom: 14,
    zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still,
  });
  [["shade", 350], ["people", 400], ["casings", 405], ["outlines", 430], ["spare", 450], ["names", 460]].forEach(function (pane) {
    map.createPane(pane[0]).style.zIndex = pane[1];
  });
  ["shade", "casings", "people", "names"].forEach(function (name) { map.getPane(name).style.pointerEvents = "none"; });

  var drawn = {
    map: map, home: null, shown: { shade: true, people: true, centres: true, spare: false, lost: true, names: true },
    shades: [], outlines: [], names: [], centres: [], people: [], casings: [], lost: [], spare: [],
    layers: {},
  };
  ["shade", "people", "lost", "spare", "centres", "names"].forEach(function (key) { drawn.layers[key] = L.layerGroup(); });
  // Before anything is drawn: Leaflet makes no elements on a map without a view.
  drawn.home = L.latLngBounds(data.zones.flatMap(function (zone) { return zone.outline.flat(2); }));
  map.fitBounds(drawn.home, Object.assign({ animate: false }, homeRoom()));
  drawZones(drawn);
  drawPeople(drawn);
  drawSpare(drawn);
  drawCentres(drawn);
  for (var key in drawn.layers) { if (drawn.shown[key]) { drawn.layers[key].addTo(map); } }

  map.setMinZoom(map.getZoom() - 1);
  map.setMaxBounds(drawn.home.pad(1.2));  // wide enough for the room of the legend beside the country
  map.on("zoomend", function () { sizePeople(drawn); thinNames(drawn); drawScale(drawn); });
  // On a phone a popup needs the room of the buttons.
  map.on("popupopen popupclose", function (event) { document.body.classList.toggle("popup-open", event.type === "popupopen"); });
  map.on("moveend resize", function () { drawScale(drawn); });
  sizePeople(drawn);
  drawScale(drawn);
  return drawn;
}

function drawZones(drawn) {
  data.zones.forEach(function (zone, k) {
    var shade = L.polygon(zone.outline, { pane: "shade", interactive: false, stroke: false, fillOpacity: 1 });
    shade.addTo(drawn.layers.shade);
    drawn.shades.push(shade);
    var outline = L.polygon(zone.outline, { pane: "outlines", color: LINE, weight: 1.1, fillOpacity: 0, bubblingMouseEvents: false });
    outline.addTo(drawn.map);
    outline.on("click", function (event) { tapped(drawn, k, event.latlng); });
    var path = outline.getElement();
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.setAttribute("data-zone", zone.id);
    path.addEventListener("keydown", function (event) {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); openZone(k); }
    });
    drawn.outlines.push(outline);
    var name = L.marker(zone.label, { pane: "names", interactive: false, keyboard: false, icon: L.divIcon({ className: "place", iconSize: [0, 0], html: el("span") }) });
    name.addTo(drawn.layers.names);
    drawn.names.push(name);
  });
}

function drawPeople(drawn) {
  var points = data.demand;
  var renderer = L.canvas({ pane: "people", padding: 0.4 });
  var order = points.people.map(function (_, k) { return k; }).sort(function (a, b) { return points.people[b] - points.people[a]; });
  order.forEach(function (k) {
    var base = Math.min(6, Math.max(1.35, Math.sqrt(points.people[k]) / 28));
    drawn.people.push({ index: k, base: base, band: "", mark: L.circleMarker([points.lat[k], points.lon[k]], {
      renderer: renderer, interactive: false, stroke: false, fillOpacity: 0.88, radius: base,
    }) });
  });
  drawn.casing = L.layerGroup().addTo(drawn.layers.people);
  drawn.casingRenderer = L.canvas({ pane: "casings", padding: 0.4 });
}

// One dark line around the points outside their standard: all dark discs first, then all
// white ones, so that neighbours share a line, then the points again on top.
function drawCasings(drawn) {
  var out = data.demand.outside[state.year], bands = data.demand.band[state.year];
  drawn.casing.clearLayers();
  drawn.casings = [];
  [[INK, 2.7], ["#fff", 1.5], ["", 0.7]].forEach(function (disc) {
    drawn.people.forEach(function (point) {
      if (out[point.index] !== "1") { return; }
      var mark = L.circleMarker(point.mark.getLatLng(), { renderer: drawn.casingRenderer, interactive: false, stroke: false, fillColor: disc[0] || data.bands[+bands[point.index]].colour, fillOpacity: 1 });
      drawn.casings.push({ mark: mark, point: point, more: disc[1] });
      mark.addTo(drawn.casing);
    });
  });
}

function sizePeople(drawn) {
  var scale = Math.pow(2, (drawn.map.getZoom() - 7.5) / 2);
  drawn.people.forEach(function (point) {
    point.mark.setRadius(Math.max(point.base * scale, point.band === "4" ? 3.2 : 0.9));
  });
  drawn.casings.forEach(function (casing) { casing.mark.setRadius(casing.point.mark.getRadius() + casing.more); });
}

function drawSpare(drawn) {
  data.candidates.lat.forEach(function (lat, k) {
    var icon = L.divIcon({ className: "spare", iconSize: [18, 18], html: spareSign() });
    var mark = L.marker([lat, data.candidates.lon[k]], { pane: "spare", icon: icon, keyboard: false });
    mark.on("click", function () {
      var spare = said().candidates[k];
      popup(drawn, mark.getLatLng(), spare.name, [el("p", {}, t("Candidate site, not chosen")), rowsOf(spare.rows)]);
    });
    mark.addTo(drawn.layers.spare);
    drawn.spare.push(mark);
  });
}

function spareSign() {
  return svg("svg", { width: 18, height: 18, viewBox: "-9 -9 18 18", "aria-hidden": "true" },
    svg("rect", { x: -4, y: -4, width: 8, height: 8, fill: "#fff", "fill-opacity": 0.7, stroke: INK, "stroke-width": 1.4 }));
}

function drawCentres(drawn) {
  data.sites.forEach(function (site, k) {
    var mark = L.marker([site.lat, site.lon], { keyboard: true, riseOnHover: true, icon: L.divIcon({ className: "centre", iconSize: [28, 28], html: el("span") }) });
    mark.on("click", function () { openCentre(drawn, k); });
    mark.on("add", function () {
      dressCentre(mark, k);
      mark.getElement().addEventListener("keydown", function (event) {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); openCentre(drawn, k); }
      });
    });
    drawn.centres.push(mark);
  });
}

function dressCentre(mark, k) {
  var site = data.sites[k], element = mark.getElement();
  if (!element) { return; }
  var stage = stageOf(site, state.year);
  fresh(element).append(sign(site.operator, site.kind, stage));
  element.setAttribute("data-stage", stage);
  element.setAttribute("data-operator", site.operator);
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", said().sites[k].name + ", " + whenOf(k));
  element.setAttribute("title", said().sites[k].name);
}

function openCentre(drawn, k) {
  var site = data.sites[k];
  popup(drawn, [site.lat, site.lon], said().sites[k].name, [rowsOf(said().sites[k].rows)]);
}

// Draw everything that depends on the year or the language.
function redraw(drawn) {
  data.zones.forEach(function (zone, k) {
    var names = said().zones[k], year = names.years[state.year];
    drawn.shades[k].setStyle({ fillColor: data.shares[zone.classes[state.year]].colour });
    var label = drawn.names[k].getElement();
    if (label) { label.firstChild.textContent = names.name; label.firstChild.dir = said().dir; }
    drawn.outlines[k].getElement().setAttribute("aria-label", names.name + ": " + t("Share of people covered") + " " + year.share + ", " + year.centres);
    var worst = data.worst[state.year].indexOf(k) >= 0;
    drawn.outlines[k].setStyle(k === state.zone ? { color: ACCENT, weight: 3.4 } : worst ? { color: INK, weight: 2.4 } : { color: LINE, weight: 1.1 });
    drawn.outlines[k].getElement().classList.toggle("is-worst", worst);
    if (worst) { drawn.outlines[k].bringToFront(); }
  });
  if (state.zone >= 0) { drawn.outlines[state.zone].bringToFront(); }
  var bands = data.demand.band[state.year];
  drawn.people.forEach(function (point) {
    var band = bands[point.index];
    if (band === point.band) { return; }
    var lost = band === "4";
    drawn.layers[lost ? "people" : "lost"].removeLayer(point.mark);
    point.mark.setStyle(lost
      ? { stroke: true, color: data.bands[4].colour, weight: 1.6, fillColor: "#fff", fillOpacity: 0.9 }
      : { stroke: false, fillColor: data.bands[+band].colour, fillOpacity: 0.88 });
    point.band = band;
    drawn.layers[lost ? "lost" : "people"].addLayer(point.mark);
  });
  drawCasings(drawn);
  data.sites.forEach(function (site, k) {
    var seen = ["later", "closed"].indexOf(stageOf(site, state.year)) < 0;
    drawn.layers.centres[seen ? "addLayer" : "removeLayer"](drawn.centres[k]);
    dressCentre(drawn.centres[k], k);
  });
  drawn.spare.forEach(function (mark, k) {
    var element = mark.getElement();
    if (element) { element.setAttribute("title", said().candidates[k].name); }
  });
  sizePeople(drawn);
  thinNames(drawn);
  drawScale(drawn);
}

// A tap on a governorate opens it; once zoomed in, a tap on a point says who lives there.
function tapped(drawn, zone, latlng) {
  if (drawn.map.getZoom() >= drawn.map.getMinZoom() + 2.5) {
    var here = drawn.map.latLngToLayerPoint(latlng), best = null, least = Infinity;
    drawn.people.forEach(function (point) {
      if (!drawn.map.hasLayer(point.mark)) { return; }
      var away = here.distanceTo(drawn.map.latLngToLayerPoint(point.mark.getLatLng()));
      if (away <= Math.max(8, point.mark.getRadius()) && away < least) { least = away; best = point; }
    });
    if (best) { openPoint(drawn, best.index); return; }
  }
  openZone(zone);
}

function openPoint(drawn, k) {
  var points = data.demand, year = state.year, minutes = points.minutes[year][k], site = points.site[year][k];
  var limit = number(points.limit[k], points.limit[k] % 1 ? 1 : 0);
  var rows = [
    { label: t("People"), value: number(points.people[k]), basis: "modelled" },
    { label: t("Settlement"), value: t(points.urban[k] === "1" ? "urban" : "rural") },
    minutes === null
      ? { label: t("Time to the nearest centre"), value: t("No route in the data") }
      : { label: t("Time to the nearest centre"), value: t("{minutes} minutes", { minutes: number(minutes, 1) }),
          note: t("{km} km by road", { km: number(points.km[year][k], 1) }), basis: "modelled" },
  ];
  if (site >= 0) { rows.push({ label: t("Nearest centre"), value: said().sites[site].name }); }
  var within = minutes !== null && points.outside[year][k] !== "1";
  var verdict = minutes === null ? "" : el("p", {}, t(within ? "Within the standard of {limit} minutes" : "Outside the standard of {limit} minutes", { limit: limit }));
  popup(drawn, [points.lat[k], points.lon[k]], t("Near {place}", { place: said().places[points.place[k]] }), [rowsOf(rows), verdict]);
}

function popup(drawn, place, title, parts) {
  var content = el("div", { "class": "popup", dir: said().dir, lang: state.code }, el("h3", {}, title));
  parts.forEach(function (part) { if (part) { content.append(part); } });
  var size = drawn.map.getSize(), width = Math.min(330, size.x - 60);
  content.style.maxHeight = Math.min(440, size.y - 56) + "px";
  // Clear of the zoom buttons on one side and the legend on the other.
  var beside = narrow() ? [12, 12] : [72, document.body.classList.contains("legend-shut") ? 16 : byId("legend").offsetWidth + 28];
  if (data.quiet === "left") { beside.reverse(); }
  drawn.popup = L.popup({
    minWidth: Math.min(250, width), maxWidth: width, autoPanPaddingTopLeft: [beside[0], 12], autoPanPaddingBottomRight: [beside[1], 12],
  }).setLatLng(place).setContent(content).openOn(drawn.map);
  var close = drawn.popup.getElement().querySelector(".leaflet-popup-close-button");
  if (close) { close.setAttribute("aria-label", t("Close")); }
}

function drawScale(drawn) {
  var map = drawn.map, size = map.getSize(), bar = byId("scale");
  if (!size.x) { return; }
  var metres = map.distance(map.containerPointToLatLng([0, size.y / 2]), map.containerPointToLatLng([100, size.y / 2]));
  var most = metres / 1000, power = Math.pow(10, Math.floor(Math.log10(most)));
  var km = power * [5, 3, 2, 1].filter(function (step) { return step * power <= most; })[0];
  bar.style.width = Math.round(100 * km / most) + "px";
  bar.firstChild.textContent = t("{km} km", { km: number(km, km < 1 ? 1 : 0) });
}
