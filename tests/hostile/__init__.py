"""
Files that mean harm or are broken, by name of the test that holds each.

- a virtual file named .tif or .geojson, a workbook, a raster of the ground that point to a canary:
  `test_virtual_files_never_call`, `test_virtual_files_by_every_door`, `test_geojson_that_names_an_address_never_calls`,
  `test_a_workbook_that_names_an_address_never_calls`, `test_rasters_of_the_ground_pass_the_same_gate`
- a GeoTIFF of 29 kB that claims 160 GB: `test_claim_of_160_gb`, `test_raster_that_claims_the_world`
- a GeoPackage with an endless view, triggers, code: `test_package_with_an_endless_view`, `test_packages_that_run_code`,
  `test_package_with_triggers_is_read_and_unchanged`
- NaN, infinite, swapped, Null Island: `test_coordinates_off_the_globe`, `test_towns`, `test_rows_of_a_workbook`,
  `test_zones_with_longitude_and_latitude_swapped`
- invalid and crossing outlines, mixed geometries: `test_crossing_polygon`, `test_zone_that_crosses_itself`,
  `test_outline_with_a_spike_is_mended_and_said`, `test_zones_that_overlap`, `test_mixed_geometry`
- no coordinate system, another continent's: `test_missing_and_contradicted_crs`, `test_zones_of_another_continent`,
  `test_degrees_that_are_metres`
- negative numbers of people, impossible heights and frictions: `test_negative_people`,
  `test_impossible_heights_and_frictions`
- a zip with `../`, links, bombs: `test_zip_members`, `test_zip_link_and_good_zip`,
  `test_a_workbook_that_unpacks_to_too_much`
- names with markup, turned writing or 255 letters: `test_names`, `test_names_are_looked_at_in_files`
- cut off files: `test_truncated_pbf`, `test_truncated_tiff`, `test_raster_cut_off`, `test_a_cut_off_workbook`
- a polygon drawn at random, a coordinate system that GDAL would guess at: `test_a_scribble_is_refused_in_seconds`,
  `test_a_coordinate_system_that_gdal_would_guess_at`
- an extract packed a thousandfold, a hundred thousand words: `test_an_extract_packed_a_thousandfold`,
  `test_many_and_long_words_are_counted_and_not_kept`
- a table of journeys with a header that hides or has no end: `test_a_header_that_hides_its_columns_behind_a_line_end`,
  `test_a_header_without_end`
- files that change while they are read: `test_roads_that_change_between_hash_and_reading`,
  `test_a_country_whose_people_change_while_it_is_read`, `test_a_pack_that_changes_while_the_child_reads_it`
- a child that says too much: `test_a_reader_that_says_too_much_or_gets_no_memory`
- readers out of bounds, a killed parent: `test_a_reader_out_of_bounds`, `test_a_killed_parent_leaves_nothing_for_long`
"""
