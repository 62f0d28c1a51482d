# For another processor: the folders IP_FOLDERS of src/ are a library whose tests run; everything else is only compiled.
# Of that processor's libraries only libc is needed. The tests find cmake/standin in the place of cmocka, OpenBLAS and
# libcrypto. What is only compiled sees the headers of this machine's libraries.
find_package(PkgConfig REQUIRED)
pkg_check_modules(OPENBLAS REQUIRED openblas)
pkg_check_modules(HDF5 REQUIRED hdf5)
find_path(HOST_INCLUDE_DIR openssl/opensslconf.h PATH_SUFFIXES ${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu REQUIRED)

set(sources ${PROJECT_SOURCE_DIR}/src/file/digest.c ${PROJECT_SOURCE_DIR}/src/file/regular.c) # for tests that compare digests
foreach(folder ${IP_FOLDERS})
  file(GLOB in_folder CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${folder}/*.c)
  list(APPEND sources ${in_folder})
endforeach()
add_library(infoplane STATIC ${sources})
target_include_directories(infoplane PUBLIC ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/generated)
target_include_directories(infoplane SYSTEM BEFORE PUBLIC ${PROJECT_SOURCE_DIR}/cmake/standin)
target_link_libraries(infoplane PUBLIC ip_flags)

include(CTest)
foreach(folder ${IP_FOLDERS})
  file(GLOB tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${folder}/test/test_*.c)
  foreach(source ${tests})
    ip_add_test(${source})
  endforeach()
  list(APPEND sources ${tests})
endforeach()

file(GLOB rest CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/*/*.c ${PROJECT_SOURCE_DIR}/src/*/test/test_*.c)
list(REMOVE_ITEM rest ${sources})
add_library(rest OBJECT ${rest})
target_include_directories(rest PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/generated)
target_link_libraries(rest PRIVATE ip_flags)
foreach(folder ${OPENBLAS_INCLUDE_DIRS} ${HDF5_INCLUDE_DIRS} ${HOST_INCLUDE_DIR}) # behind the headers of the other libc
  target_compile_options(rest PRIVATE "SHELL:-idirafter ${folder}")
endforeach()
