# Labels of tests for builds that would take too long with all of them (CONTRIBUTING.md, "Checks of the code"):
#   quick    tests in C that take at most 0.1 s of processor time and do not execute themselves again: under valgrind
#   lto      published numbers to the last bit, and the quick tests of the folders below, whose programs are small
#            enough to be optimized as a whole: in the build `lto`
#   threads  what uses threads: under ThreadSanitizer
# Targets quick_tests, lto_tests and threads_tests build them.
set(IP_LTO_FOLDERS base num info network)
set(threads_tests base_pairs base_steps base_team core_estimate estimator_threads network_threads num_descent
  run_estimate_threads run_measuring run_threads)
set(IP_LONGER_TESTS base_pairs base_team base_text bottleneck_critical bottleneck_curve bottleneck_gaussian
  bottleneck_global bottleneck_save bottleneck_squared calibrate_calibrate calibrate_closed_forms calibrate_tasks
  claims_errors claims_verdict config_grid config_limits core_estimate core_fields dataset_columns dataset_csv
  dataset_hdf5 dataset_idx dataset_linear_gaussian dataset_mat estimator_binning estimator_counts estimator_coverage
  estimator_dropout estimator_interval estimator_kde estimator_ksg estimator_multiplicative estimator_noisy
  estimator_project estimator_sliced estimator_threads experiment_edges experiment_fuzz figure_drawings figure_figures
  figure_noisy figure_sweeps figure_theory file_npy file_reading file_text_format network_conv network_gradient
  network_noise network_objective network_threads num_affine num_digitize num_kdtree report_activations report_budget
  report_explore report_findings report_page report_report run_able run_estimate run_estimate_threads run_every_kind
  run_fit run_golden run_interrupt run_lacking run_measuring run_metrics run_point run_series run_split run_threads
  run_train runfile_head runfile_kill runfile_runfile study_compare study_gathered study_runs summary_correlations
  summary_gather summary_grid sweep_pool sweep_pool_time sweep_pool_trouble sweep_probe sweep_submit sweep_worker)

set(quick_tests "")
foreach(source ${core_tests} ${tests})
  get_filename_component(name ${source} NAME_WE)
  string(REGEX REPLACE ".*/src/([a-z]+)/test/.*" "\\1" module ${source})
  string(REPLACE "test_" "${module}_" name ${name})
  list(APPEND quick_tests ${name})
endforeach()
list(REMOVE_ITEM quick_tests ${IP_LONGER_TESTS})
list(JOIN IP_LTO_FOLDERS "|" lto_folders)
set(lto_tests ${quick_tests})
list(FILTER lto_tests INCLUDE REGEX "^(${lto_folders})_")
list(APPEND lto_tests network_golden run_golden)
list(REMOVE_DUPLICATES lto_tests)
foreach(label quick lto threads)
  set(names ${${label}_tests})
  list(TRANSFORM names PREPEND "test_")
  add_custom_target(${label}_tests DEPENDS ${names})
  set_property(TEST ${names} APPEND PROPERTY LABELS ${label})
endforeach()

# --- `ctest --preset valgrind` runs the quick tests of the release build under valgrind; plain ctest does not.
find_program(IP_VALGRIND valgrind)
if(IP_VALGRIND AND NOT IP_SANITIZE)
  foreach(name ${quick_tests})
    add_test(NAME valgrind_${name} CONFIGURATIONS Valgrind COMMAND ${IP_VALGRIND} -q --error-exitcode=99
      --leak-check=full --errors-for-leak-kinds=definite,indirect,possible --num-callers=20 $<TARGET_FILE:test_${name}>)
    set_tests_properties(valgrind_${name} PROPERTIES ENVIRONMENT "${test_environment}" TIMEOUT ${IP_TEST_TIMEOUT}
      LABELS valgrind)
  endforeach()
endif()

# --- `cmake --build --preset analyze`: all of src/ that is neither test nor vector code
set(analyzed ${bench_sources})
list(TRANSFORM analyzed REPLACE ".*/(.*)\\.c" "\\1")
add_custom_target(analyzed DEPENDS infoplane_program infoplane_core fuzz_replay ${analyzed})
