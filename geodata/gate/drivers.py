"""
Which GDAL drivers a child may have: those of the formats offered and no other.

Two GDALs live in one installation, that of pyogrio (vector) and that of rasterio (raster),
each with drivers of its own. A child loads one of them only, with ``GDAL_SKIP`` set before
(it is read when the drivers are registered), and then looks at what is registered: a
driver that is neither offered nor named here (a newer GDAL brings new ones) sends the
child home, and the parent starts another with its name added.
"""

from __future__ import annotations

from typing import Literal

Library = Literal["none", "raster", "vector"]

OFFERED: dict[str, frozenset[str]] = {
    "raster": frozenset({"GTiff", "MEM"}),
    "vector": frozenset({"GPKG", "GeoJSON", "ESRI Shapefile", "MEM", "Memory"}),
}

_VECTOR = """
ADBC, AIVector, AVCBin, AVCE00, AmigoCloud, CSV, CSW, Carto, DGN, DXF, EDIGEO, EEDA, ESRIJSON, Elasticsearch,
FlatGeobuf, GDALG, GML, GPSBabel, GPX, GTFS, GeoJSONSeq, GeoRSS, HTTP, Idrisi, JML, JSONFG, KML, LIBKML, LVBAG,
MBTiles, MVT, MapInfo File, MapML, MiraMonVector, NGW, OAPIF, ODS, OGCAPI, OGR_GMT, OGR_PDS, OGR_VRT, OSM,
OpenFileGDB, PCIDSK, PDF, PDS4, PGDUMP, PLSCENES, PMTiles, S57, SQLite, SXF, Selafin, TopoJSON, VDV, VFK, VICAR,
WAsP, WFS, XLSX
"""
_RASTER = """
AAIGrid, ACE2, ADRG, AIG, AVCBin, AVCE00, AirSAR, BAG, BIGGIF, BLX, BMP, BSB, BT, BYN, CALS, CEOS, COASP, COG,
COSAR, CPG, CTG, CTable2, DAAS, DERIVED, DIMAP, DIPEx, DOQ1, DOQ2, DTED, ECRGTOC, EEDA, EEDAI, EHdr, EIR, ELAS,
ENVI, ERS, ESAT, ESRI Shapefile, ESRIC, ESRIJSON, FAST, FIT, GFF, GIF, GNMDatabase, GNMFile, GPKG, GRASSASCIIGrid,
GRIB, GS7BG, GSAG, GSBG, GSC, GTI, GTX, GXF, GenBin, GeoJSON, GeoJSONSeq, HDF5, HDF5Image, HF2, HFA, HTTP, ILWIS,
IRIS, ISCE, ISG, ISIS2, ISIS3, JAXAPALSAR, JDEM, JP2OpenJPEG, JPEG, KMLSUPEROVERLAY, KRO, L1B, LAN, LCP, LOSLAS,
Leveller, MAP, MBTiles, MFF, MFF2, MRF, MSGN, MVT, Memory, NDF, NGSGEOID, NITF, NOAA_B, NSIDCbin, NTv2, NWT_GRC,
NWT_GRD, OSM, OZI, PAux, PCIDSK, PCRaster, PDF, PDS, PDS4, PLMOSAIC, PNG, PNM, PRF, R, RIK, RMF, ROI_PAC, RPFTOC,
RRASTER, RS2, RST, Rasterlite, S102, S104, S111, SAFE, SAGA, SAR_CEOS, SDTS, SENTINEL2, SGI, SIGDEM, SNAP_TIFF,
SNODAS, SQLite, SRP, SRTMHGT, STACIT, STACTA, TGA, TIL, TSX, Terragen, TopoJSON, USGSDEM, VICAR, VRT, WCS, WEBP,
WMS, WMTS, XPM, XYZ, ZMap, Zarr, netCDF
"""


def skipped(library: Library, *, further: tuple[str, ...] = ()) -> str:
    """Return the value of GDAL_SKIP for a library: every driver known but those offered."""
    if library == "none":
        return ""
    names = (_VECTOR if library == "vector" else _RASTER).replace("\n", " ").split(",")
    known = {name.strip() for name in names} | set(further)
    return ",".join(sorted(known - OFFERED[library]))


def registered(library: Library) -> frozenset[str]:
    """Return the drivers that the library of this process has; imports it."""
    if library == "vector":
        import pyogrio

        return frozenset(pyogrio.list_drivers())
    if library == "raster":
        import rasterio

        with rasterio.Env() as environment:
            return frozenset(environment.drivers())
    return frozenset()


def surplus(library: Library) -> tuple[str, ...]:
    """Return the drivers registered that are not offered, by name."""
    return tuple(sorted(registered(library) - OFFERED.get(library, frozenset())))
