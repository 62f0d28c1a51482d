# The library, as archive and as shared library, and how others find it. `sources` are its files.

# --- Public headers: what docs/library.md explains. Others are neither installed nor visible in libinfoplane.so.
set(IP_PUBLIC_HEADERS
  base/public.h base/status.h base/mem.h base/rng.h base/stop.h base/progress.h
  info/discrete.h info/loss.h
  estimator/estimator.h estimator/interval.h measure/measure.h
  bottleneck/problem.h bottleneck/channel.h bottleneck/constant.h bottleneck/solve.h bottleneck/curve.h
  bottleneck/gaussian.h bottleneck/agglomerative.h bottleneck/save.h
  runfile/names.h runfile/series.h runfile/runfile.h)

# They are installed as <infoplane/info/discrete.h>, and include each other by that name. include/ in the build folder
# has them as they will be installed.
set(IP_PUBLIC_INCLUDES "")
set(headers ${IP_PUBLIC_HEADERS})
while(headers)
  list(POP_FRONT headers header)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${header})
  file(READ src/${header} text)
  string(REGEX MATCHALL "#include \"[^\"]*" included "${text}") # what a public header includes is public too
  list(TRANSFORM included REPLACE "#include \"" "")
  list(REMOVE_ITEM included ${IP_PUBLIC_HEADERS})
  list(APPEND headers ${included})
  list(APPEND IP_PUBLIC_HEADERS ${included})
  string(REGEX REPLACE "\n#include \"" "\n#include \"infoplane/" text "${text}")
  file(WRITE ${PROJECT_BINARY_DIR}/header.h "${text}")
  get_filename_component(folder ${header} DIRECTORY)
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/include/infoplane/${folder})
  file(COPY_FILE ${PROJECT_BINARY_DIR}/header.h ${PROJECT_BINARY_DIR}/include/infoplane/${header} ONLY_IF_DIFFERENT)
  install(FILES ${PROJECT_BINARY_DIR}/include/infoplane/${header}
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/infoplane/${folder} COMPONENT development)
  string(APPEND IP_PUBLIC_INCLUDES "#include \"infoplane/${header}\"\n")
endwhile()
configure_file(cmake/infoplane.h.in include/infoplane/infoplane.h @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/include/infoplane/infoplane.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/infoplane
  COMPONENT development)

# --- Compiled once for both libraries
set(IP_PACKAGES openblas hdf5 yaml-0.1 zlib libzip matio libcrypto) # that pkg-config knows
set(dependencies ${HDF5_C_HL_LIBRARIES} ${HDF5_C_LIBRARIES} PkgConfig::OPENBLAS PkgConfig::YAML
  PkgConfig::ZLIB PkgConfig::ZIP PkgConfig::MATIO PkgConfig::CRYPTO Threads::Threads m)
add_library(infoplane_objects OBJECT ${sources})
include(cmake/vectors.cmake)
set_target_properties(infoplane_objects PROPERTIES POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden)
target_include_directories(infoplane_objects PUBLIC ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/generated)
target_include_directories(infoplane_objects SYSTEM PRIVATE ${HDF5_C_INCLUDE_DIRS} ${RANDOM123_INCLUDE_DIR})
target_link_libraries(infoplane_objects PUBLIC ip_flags PRIVATE ${dependencies})

# --- The archive: for the program and the tests, which also use what is not public
add_library(infoplane STATIC)
target_link_libraries(infoplane PUBLIC infoplane_objects PRIVATE ${dependencies})

# --- The shared library: symbols of the public headers alone, all of version INFOPLANE_0
set(IP_SOVERSION 0)
add_library(infoplane_shared SHARED $<TARGET_OBJECTS:infoplane_objects>)
set_target_properties(infoplane_shared PROPERTIES OUTPUT_NAME infoplane VERSION ${PROJECT_VERSION}
  SOVERSION ${IP_SOVERSION} LINK_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/infoplane.map)
target_include_directories(infoplane_shared INTERFACE ${PROJECT_BINARY_DIR}/include)
target_link_libraries(infoplane_shared PRIVATE ip_flags ${dependencies})
target_link_options(infoplane_shared PRIVATE -Wl,--version-script=${PROJECT_SOURCE_DIR}/cmake/infoplane.map)
if(NOT IP_SANITIZE) # the run-time part of the sanitizers is in the programs
  target_link_options(infoplane_shared PRIVATE -Wl,-z,defs)
endif()
install(TARGETS infoplane infoplane_shared ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT development)
