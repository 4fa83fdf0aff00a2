# quorate_embed_archive(<target> <header> <name> <folder>): <header> (included as it is named here) holds every Python file below
# the folder, as one ZIP archive:
#   namespace quorate::embedded { inline constexpr std::uint8_t <name>[] = …; }
# Also a script: cmake -DOUT=<header> -DNAME=<name> -DARCHIVE=<file> -P quorate_embed_archive.cmake writes it.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ ${ARCHIVE} digits HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${digits}")
  file(WRITE ${OUT} "// Generated from the folder that it holds; do not edit.\n#pragma once\n\n#include <cstdint>\n\nnamespace quorate::embedded {\ninline constexpr std::uint8_t ${NAME}[] = {${bytes}};\n}  // namespace quorate::embedded\n")
  return()
endif()

function(quorate_embed_archive target header name folder)
  set(root ${PROJECT_SOURCE_DIR}/${folder})
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${root} ${root}/*.py)
  list(SORT files)
  list(TRANSFORM files PREPEND ${root}/ OUTPUT_VARIABLE sources)
  set(archive ${PROJECT_BINARY_DIR}/generated/${name}.zip)
  set(out ${PROJECT_BINARY_DIR}/generated/${header})
  add_custom_command(OUTPUT ${out} VERBATIM COMMENT "Embedding ${folder}"
    COMMAND ${CMAKE_COMMAND} -E chdir ${root} ${CMAKE_COMMAND} -E tar cf ${archive} --format=zip ${files}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAME=${name} -DARCHIVE=${archive} -P ${CMAKE_CURRENT_FUNCTION_LIST_FILE}
    DEPENDS ${sources} ${CMAKE_CURRENT_FUNCTION_LIST_FILE})
  target_sources(${target} PRIVATE ${out})
endfunction()
