# Run by cpack before the packages are made: what Debian's policy wants in each of them. Its date is SOURCE_DATE_EPOCH, or
# that of the commit, so that equal sources give equal packages.
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  execute_process(COMMAND git -C ${CPACK_IP_SOURCE} log -1 --format=%ct OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE
    ERROR_QUIET)
  if(date)
    set(ENV{SOURCE_DATE_EPOCH} ${date})
  endif()
endif()
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)

foreach(pair ${CPACK_IP_PACKAGES})
  string(REGEX REPLACE "=.*" "" component ${pair})
  string(REGEX REPLACE ".*=" "" package ${pair})
  set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${component}${CPACK_PACKAGING_INSTALL_PREFIX})
  set(doc ${root}/share/doc/${package})
  file(MAKE_DIRECTORY ${doc})
  file(CHMOD ${root}/share ${root}/share/doc ${doc} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
    GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  file(READ ${CPACK_IP_SOURCE}/LICENSE license)
  file(WRITE ${doc}/copyright "infoplane, a suite for Information Bottleneck experiments\n\n${license}")
  file(WRITE ${doc}/changelog "infoplane (${CPACK_PACKAGE_VERSION}) bookworm; urgency=medium\n\n"
    "  * Version ${CPACK_PACKAGE_VERSION}. CHANGELOG.md of the package infoplane has the changes.\n\n"
    " -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
  file(CHMOD ${doc}/copyright ${doc}/changelog PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
  file(GLOB manuals ${root}/share/man/man*/*.[1-9])
  execute_process(COMMAND gzip -9nf ${doc}/changelog ${manuals} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
