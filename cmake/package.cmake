# Debian packages: `cpack -G DEB` in a build folder makes infoplane, libinfoplane0, libinfoplane-dev and
# python3-infoplane, of the components program, library, development and python. scripts/package.sh builds them without
# the paths of this machine, and checks them.
set(IP_MAINTAINER "The infoplane authors <infoplane@packages.debian.org>" CACHE STRING "Maintainer of packages, Name <address>")
set(CPACK_PACKAGE_NAME infoplane)
set(CPACK_PACKAGE_VENDOR "the infoplane authors")
set(CPACK_PACKAGE_CONTACT ${IP_MAINTAINER})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL program library development)
if(IP_PYTHON)
  list(APPEND CPACK_COMPONENTS_ALL python)
endif()
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/package_files.cmake)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME infoplane)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "gnuplot-nox | gnuplot")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "fonts-dejavu-core")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "hdf5-tools, slurm-client, dataset-fashion-mnist")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libinfoplane${IP_SOVERSION})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/debian/triggers ${PROJECT_BINARY_DIR}/debian/shlibs)
file(WRITE ${PROJECT_BINARY_DIR}/debian/triggers "activate-noawait ldconfig\n")
file(WRITE ${PROJECT_BINARY_DIR}/debian/shlibs
  "libinfoplane ${IP_SOVERSION} libinfoplane${IP_SOVERSION} (>= ${PROJECT_VERSION})\n"
  "libinfoplane_core ${IP_CAPI_MAJOR} libinfoplane${IP_SOVERSION} (>= ${PROJECT_VERSION})\n")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libinfoplane-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libinfoplane${IP_SOVERSION} (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS
  "libopenblas-dev, libhdf5-dev, libyaml-dev, libzip-dev, libmatio-dev, libssl-dev, zlib1g-dev, pkg-config")

set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-infoplane)
set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS
  "python3, python3-numpy, infoplane (= ${PROJECT_VERSION}), libinfoplane${IP_SOVERSION} (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_PYTHON_PACKAGE_SUGGESTS "python3-h5py, python3-torch, python3-matplotlib")
set(CPACK_DEBIAN_PYTHON_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/debian/postinst ${PROJECT_BINARY_DIR}/debian/prerm)
file(WRITE ${PROJECT_BINARY_DIR}/debian/postinst "#!/bin/sh\nset -e\nif command -v py3compile >/dev/null; then\n"
  "  py3compile -p python3-infoplane\nfi\n")
file(WRITE ${PROJECT_BINARY_DIR}/debian/prerm "#!/bin/sh\nset -e\nif command -v py3clean >/dev/null; then\n"
  "  py3clean -p python3-infoplane\nfi\n")
file(CHMOD ${PROJECT_BINARY_DIR}/debian/postinst ${PROJECT_BINARY_DIR}/debian/prerm PERMISSIONS OWNER_READ OWNER_WRITE
  OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package has its own first line
set(about "infoplane trains neural networks, logs the activations of their layers and
estimates the mutual information that each layer shares with the input and
with the label: the information plane. It also computes the Information
Bottleneck curve.")
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "Information Bottleneck experiments and information planes
${about}
.
This package contains the program, its manual, experiments and plot scripts.")
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "Information Bottleneck experiments - shared library
${about}
.
This package contains the library for programs in C and C++.")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "Information Bottleneck experiments - development files
${about}
.
This package contains headers, the static library, and the files of pkg-config
and CMake.")

set(CPACK_COMPONENT_PYTHON_DESCRIPTION "Information Bottleneck experiments - Python package
${about}
.
This package contains the module infoplane for Python: estimates of arrays, and
recorders that log the layers of a network during training.")

# What package_files.cmake needs
set(CPACK_IP_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_IP_PACKAGES program=infoplane library=libinfoplane${IP_SOVERSION} development=libinfoplane-dev)
if(IP_PYTHON)
  list(APPEND CPACK_IP_PACKAGES python=python3-infoplane)
endif()
set(CPACK_VERBATIM_VARIABLES ON)
include(CPack)
