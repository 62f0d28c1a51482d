# The Python package (src/python). The interpreter is Debian's, whose packages scripts/install-packages.sh installs.
find_program(IP_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
set(IP_PYTHON_DIR "" CACHE STRING "Where under the prefix the Python package is installed; empty: where Debian's Python looks")

# --- Installation with the rest, without pip: `import infoplane` then works in Debian's Python
if(IP_PYTHON)
  execute_process(COMMAND ${IP_PYTHON} -c "import sys; print('python%d.%d' % sys.version_info[:2])"
    OUTPUT_VARIABLE IP_PYTHON_VERSION OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(IP_PYTHON_INFO ${PROJECT_BINARY_DIR}/python/infoplane-${PROJECT_VERSION}.dist-info)
  file(MAKE_DIRECTORY ${IP_PYTHON_INFO})
  execute_process(COMMAND ${IP_PYTHON} -B ${PROJECT_SOURCE_DIR}/src/python/wheel_of_cmake.py
    OUTPUT_FILE ${IP_PYTHON_INFO}/METADATA COMMAND_ERROR_IS_FATAL ANY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/python/pyproject.toml)
  file(WRITE ${IP_PYTHON_INFO}/INSTALLER "cmake\n")
  file(WRITE ${PROJECT_BINARY_DIR}/python/_version.py "VERSION = \"${PROJECT_VERSION}\"\n")
  configure_file(cmake/install-python.cmake.in ${PROJECT_BINARY_DIR}/python/install.cmake @ONLY)
  install(SCRIPT ${PROJECT_BINARY_DIR}/python/install.cmake COMPONENT python)
endif()

# --- Tests, one for each file of src/python/test, with the label `python`. Sanitizers need their run-time part in the
# program that loads the library, which Python is not. PyTorch has one thread: two that share a processor with another
# test wait for each other.
if(BUILD_TESTING AND IP_PYTHON AND NOT IP_SANITIZE)
  file(GLOB python_tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/python/test/test_*.py)
  foreach(source ${python_tests})
    get_filename_component(name ${source} NAME_WE)
    string(REPLACE "test_" "test_python_" name ${name})
    add_test(NAME ${name} COMMAND ${IP_PYTHON} ${PROJECT_SOURCE_DIR}/src/python/test/run.py ${source})
    set_tests_properties(${name} PROPERTIES LABELS python SKIP_RETURN_CODE 77 TIMEOUT ${IP_TEST_TIMEOUT} ENVIRONMENT
      "${test_environment};PYTHONPATH=${PROJECT_SOURCE_DIR}/src/python;PYTHONDONTWRITEBYTECODE=1;OMP_NUM_THREADS=1;INFOPLANE=$<TARGET_FILE:infoplane_program>;INFOPLANE_LIBRARY=$<TARGET_FILE:infoplane_core>")
  endforeach()
endif()
