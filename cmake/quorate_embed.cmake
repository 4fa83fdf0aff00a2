# quorate_embed(<target> <header> <files>): <header> (included as it is named here) holds each file's text as
#   namespace quorate::embedded { inline constexpr std::string_view <file's name without extension> = …; }
# Also a script: cmake -DOUT=<header> -DFILES=<list> -P quorate_embed.cmake writes it.
if(CMAKE_SCRIPT_MODE_FILE)
  set(text "// Generated from the files it names; do not edit.\n#pragma once\n\n#include <string_view>\n\nnamespace quorate::embedded {\n")
  foreach(file ${FILES})
    cmake_path(GET file STEM name)
    cmake_path(GET file FILENAME shown)
    file(READ ${file} content)
    string(APPEND text "\n// ${shown}\ninline constexpr std::string_view ${name} = R\"_embedded_(${content})_embedded_\";\n")
  endforeach()
  string(APPEND text "\n}  // namespace quorate::embedded\n")
  file(WRITE ${OUT} "${text}")
  return()
endif()

function(quorate_embed target header)
  list(TRANSFORM ARGN PREPEND ${PROJECT_SOURCE_DIR}/ OUTPUT_VARIABLE files)
  set(out ${PROJECT_BINARY_DIR}/generated/${header})
  add_custom_command(OUTPUT ${out} VERBATIM COMMENT "Embedding ${ARGN}"
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} "-DFILES=${files}" -P ${CMAKE_CURRENT_FUNCTION_LIST_FILE}
    DEPENDS ${files} ${CMAKE_CURRENT_FUNCTION_LIST_FILE})
  target_sources(${target} PRIVATE ${out})
endfunction()
