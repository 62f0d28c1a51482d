# Writes OUT, a C file with the joined STYLES and SCRIPTS as arrays. For cmake -P; page.cmake calls it.
function(ip_array name text)
  string(HEX "${text}" hex)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "0x([89a-f].)," "'\\\\x\\1'," bytes "${bytes}") # letters beyond ASCII: a char may have a sign
  file(APPEND ${OUT}.part "const char ${name}[] = {\n${bytes}0};\nconst size_t ${name}_size = ${size};\n")
endfunction()

function(ip_join files result)
  set(all "")
  foreach(file ${files})
    file(READ ${file} text)
    # CMake reads [ ] ; of a text as those of a list only where it is unquoted, so it stays as it is
    string(APPEND all "${text}")
  endforeach()
  set(${result} "${all}" PARENT_SCOPE)
endfunction()

file(WRITE ${OUT}.part "/* Made by cmake/embed.cmake from src/report/page. */\n#include \"report/page.h\"\n\n")
ip_join("${STYLES}" style)
ip_array(ip_page_style "\n${style}")
ip_join("${SCRIPTS}" script)
ip_array(ip_page_script "\n(() => {\n'use strict';\n${script}})();\n")
file(RENAME ${OUT}.part ${OUT})
