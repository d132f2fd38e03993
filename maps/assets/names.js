// Where the names of governorates stand.

// Is the place on the screen inside a governorate? Even-odd over all its rings.
function insideZone(drawn, k, x, y) {
  var place = drawn.map.containerPointToLatLng([x, y]), odd = false;
  data.zones[k].outline.forEach(function (rings) {
    rings.forEach(function (ring) {
      for (var i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        var a = ring[i], b = ring[j];
        if ((a[0] > place.lat) !== (b[0] > place.lat) && place.lng < (b[1] - a[1]) * (place.lat - a[0]) / (b[0] - a[0]) + a[1]) { odd = !odd; }
      }
    });
  });
  return odd;
}

// Places for a name: where the governorate is widest, then a grid over it, nearest first.
function placesOfName(drawn, k) {
  var home = drawn.map.latLngToContainerPoint(data.zones[k].label), bounds = drawn.outlines[k].getBounds();
  var low = drawn.map.latLngToContainerPoint(bounds.getNorthWest()), high = drawn.map.latLngToContainerPoint(bounds.getSouthEast());
  var places = [[0, 0]], step = Math.max(7, (high.x - low.x) / 14, (high.y - low.y) / 14);
  for (var x = low.x; x <= high.x; x += step) {
    for (var y = low.y; y <= high.y; y += step) { places.push([x - home.x, y - home.y]); }
  }
  places.sort(function (a, b) { return Math.hypot(a[0], a[1]) - Math.hypot(b[0], b[1]); });
  return { home: home, shifts: places };
}

// Move a name off the centres and off the names of larger governorates, within its own
// governorate; hide it where nothing is free: no name is better than one that reads as a neighbour's.
function thinNames(drawn) {
  var kept = [], frame = byId("map").getBoundingClientRect();
  var centres = drawn.centres.map(function (mark) { return mark.getElement(); }).filter(Boolean).map(function (element) {
    var box = element.getBoundingClientRect();
    return { left: box.left + 5, right: box.right - 5, top: box.top + 6, bottom: box.bottom - 6 };
  });
  var far = drawn.casings.filter(function (casing) { return casing.more === 0.7; });
  // Where few are outside their standard, no name hides one of them while another place is free.
  var marks = far.length > 500 ? [] : far.map(function (casing) {
    var spot = drawn.map.latLngToContainerPoint(casing.mark.getLatLng()), r = casing.mark.getRadius();
    return { left: frame.left + spot.x - r, right: frame.left + spot.x + r, top: frame.top + spot.y - r, bottom: frame.top + spot.y + r };
  });
  function clear(box, others) {
    return !others.some(function (other) {
      return box.left < other.right + 3 && box.right > other.left - 3 && box.top < other.bottom && box.bottom > other.top;
    });
  }
  data.zones.map(function (zone, k) { return k; })
    .sort(function (a, b) { return data.zones[b].size - data.zones[a].size; })
    .forEach(function (k) {
      var element = drawn.names[k].getElement();
      if (!element) { return; }
      var span = element.firstChild, wide = span.offsetWidth, high = span.offsetHeight, places = placesOfName(drawn, k);
      var box = null, shift = null, seek = function (barred) { return places.shifts.some(function (tried) {
        var x = places.home.x + tried[0], y = places.home.y + tried[1];
        shift = tried;
        box = { left: frame.left + x - wide / 2, right: frame.left + x + wide / 2, top: frame.top + y - high / 2, bottom: frame.top + y + high / 2 };
        if (!clear(box, barred) || !insideZone(drawn, k, x, y)) { return false; }
        return [-0.45, -0.25, 0.25, 0.45].filter(function (part) { return insideZone(drawn, k, x + part * wide, y); }).length >= 2;
      }); };
      var taken = kept.concat(centres), free = seek(taken.concat(marks)) || (marks.length > 0 && seek(taken));
      if (free) {
        span.style.marginLeft = shift[0] + "px";
        span.style.marginTop = shift[1] + "px";
      }
      element.style.visibility = free ? "visible" : "hidden";
      if (free) { kept.push(box); }
    });
}
