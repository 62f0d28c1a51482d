# libinfoplane_core: estimators, measures of tables and the IB curve behind one header, src/core/capi.h, without HDF5 and
# OpenMP, for other languages (docs/library.md). With IP_CORE_ONLY it is all that is built, and OpenBLAS all it needs.
set(IP_CORE_FOLDERS base num info estimator bottleneck)
set(core_files "/src/(base|num|info|estimator|bottleneck)/[a-z0-9_]+[.]c")
set(core_excluded "/src/bottleneck/save[.]c") # it writes files

file(GLOB capi_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/core/*.c)
if(TARGET infoplane_objects) # compiled once for all libraries
  set(core_objects $<FILTER:$<FILTER:$<TARGET_OBJECTS:infoplane_objects>,INCLUDE,${core_files}>,EXCLUDE,${core_excluded}>)
  add_library(infoplane_core_parts STATIC ${core_objects})
else()
  find_package(PkgConfig REQUIRED)
  find_package(Threads REQUIRED)
  pkg_check_modules(OPENBLAS REQUIRED IMPORTED_TARGET openblas)
  file(GLOB core_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/*/*.c)
  list(FILTER core_sources INCLUDE REGEX ${core_files})
  list(FILTER core_sources EXCLUDE REGEX ${core_excluded})
  add_library(infoplane_core_parts STATIC ${core_sources})
  include(cmake/vectors.cmake)
  target_include_directories(infoplane_core_parts PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/generated)
  target_include_directories(infoplane_core_parts SYSTEM PRIVATE ${RANDOM123_INCLUDE_DIR})
  target_link_libraries(infoplane_core_parts PRIVATE ip_flags PkgConfig::OPENBLAS Threads::Threads m)
  set_target_properties(infoplane_core_parts PROPERTIES POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden)
endif()
set_target_properties(infoplane_core_parts PROPERTIES LINKER_LANGUAGE C)

# The soname changes with IP_CAPI_MAJOR; the symbols are those of capi.h alone.
file(STRINGS src/core/capi.h capi_major REGEX "define IP_CAPI_MAJOR ")
string(REGEX REPLACE ".*IP_CAPI_MAJOR ([0-9]+).*" "\\1" IP_CAPI_MAJOR "${capi_major}")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/core/capi.h)
file(CONFIGURE OUTPUT infoplane_core.map CONTENT "INFOPLANE_CORE_@IP_CAPI_MAJOR@ {\n  global: ip_capi_*;\n  local: *;\n};\n" @ONLY)
add_library(infoplane_core SHARED ${capi_sources})
set_target_properties(infoplane_core PROPERTIES C_VISIBILITY_PRESET hidden VERSION ${PROJECT_VERSION}
  SOVERSION ${IP_CAPI_MAJOR} LINK_DEPENDS ${PROJECT_BINARY_DIR}/infoplane_core.map)
target_include_directories(infoplane_core PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/generated)
target_link_libraries(infoplane_core PRIVATE ip_flags infoplane_core_parts PkgConfig::OPENBLAS Threads::Threads m)
target_link_options(infoplane_core PRIVATE -Wl,--version-script=${PROJECT_BINARY_DIR}/infoplane_core.map -Wl,--as-needed)
if(NOT IP_SANITIZE) # the run-time part of the sanitizers is in the programs
  target_link_options(infoplane_core PRIVATE -Wl,-z,defs)
endif()

install(TARGETS infoplane_core LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library
  NAMELINK_COMPONENT development)
install(FILES src/core/capi.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/infoplane COMPONENT development)
