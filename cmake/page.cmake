# The scripts and style sheets of the page of infoplane report, as arrays of bytes in the library (report/page.h).
# In this order: scripts are joined inside one function, so what is called while they are read stands before its caller.
set(IP_PAGE_STYLES report.css page.css)
set(IP_PAGE_SCRIPTS data.js model.js means.js events.js scale.js state.js address.js colors.js pen.js axes.js panel.js plane.js heads.js pointer.js series.js layers.js loss.js geometry.js falls.js columns.js table.js brush.js cloud.js tour.js claims.js time.js link.js controls.js keys.js selftest.js main.js)
list(TRANSFORM IP_PAGE_STYLES PREPEND ${PROJECT_SOURCE_DIR}/src/report/page/)
list(TRANSFORM IP_PAGE_SCRIPTS PREPEND ${PROJECT_SOURCE_DIR}/src/report/page/)
set(page_source ${PROJECT_BINARY_DIR}/generated/report/page_text.c)
add_custom_command(OUTPUT ${page_source} VERBATIM
  DEPENDS cmake/embed.cmake ${IP_PAGE_STYLES} ${IP_PAGE_SCRIPTS}
  COMMAND ${CMAKE_COMMAND} -DOUT=${page_source} "-DSTYLES=${IP_PAGE_STYLES}" "-DSCRIPTS=${IP_PAGE_SCRIPTS}"
    -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake)
list(APPEND sources ${page_source})
