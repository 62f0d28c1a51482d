# The Python package (src/python): its tests, one for each file of src/python/test, with the label `python`. The
# interpreter is Debian's, whose packages scripts/install-packages.sh installs. Sanitizers need their run-time part in
# the program that loads the library, which Python is not.
find_program(IP_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)

if(BUILD_TESTING AND IP_PYTHON AND NOT IP_SANITIZE)
  file(GLOB python_tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/python/test/test_*.py)
  foreach(source ${python_tests})
    get_filename_component(name ${source} NAME_WE)
    string(REPLACE "test_" "test_python_" name ${name})
    add_test(NAME ${name} COMMAND ${IP_PYTHON} ${PROJECT_SOURCE_DIR}/src/python/test/run.py ${source})
    set_tests_properties(${name} PROPERTIES LABELS python SKIP_RETURN_CODE 77 TIMEOUT ${IP_TEST_TIMEOUT} ENVIRONMENT
      "${test_environment};PYTHONPATH=${PROJECT_SOURCE_DIR}/src/python;PYTHONDONTWRITEBYTECODE=1;INFOPLANE=$<TARGET_FILE:infoplane_program>;INFOPLANE_LIBRARY=$<TARGET_FILE:infoplane_core>")
  endforeach()
endif()
