# pkg-config infoplane, infoplane-core, infoplane-static; find_package(infoplane). None remembers where it was installed.
set(static_libraries_list -lhdf5_hl -pthread -lm) # that it does not
string(REPLACE ";" " " static_libraries "${static_libraries_list}")
string(REPLACE ";" " " packages "${IP_PACKAGES}")
file(RELATIVE_PATH IP_PREFIX_FROM_PC /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" IP_PREFIX_FROM_PC ${IP_PREFIX_FROM_PC})
file(RELATIVE_PATH IP_PREFIX_FROM_CMAKE /${CMAKE_INSTALL_LIBDIR}/cmake/infoplane /)
function(ip_configure_pc name libraries requires)
  configure_file(cmake/infoplane.pc.in ${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
endfunction()
ip_configure_pc(infoplane "-linfoplane" "")
ip_configure_pc(infoplane-core "-linfoplane_core" "")
ip_configure_pc(infoplane-static "-l:libinfoplane.a ${static_libraries}" "${packages}")
include(CMakePackageConfigHelpers)
configure_file(cmake/infoplaneConfig.cmake.in infoplaneConfig.cmake @ONLY)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/infoplaneConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/infoplaneConfig.cmake ${PROJECT_BINARY_DIR}/infoplaneConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/infoplane COMPONENT development)
