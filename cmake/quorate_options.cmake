# One interface target carries every flag; the presets choose among these switches.
option(QUORATE_TESTS "Build the tests" ON)
option(QUORATE_BENCH "Build the benchmarks" OFF)
option(QUORATE_FUZZ "Build the fuzz targets (clang only)" OFF)
option(QUORATE_COVERAGE "Instrument for gcov" OFF)
option(QUORATE_PCH "Use precompiled headers" ON)
# For trees that are built whole and seldom: the headers are read once for several sources.
option(QUORATE_BUNDLE "Compile the sources of a folder in bundles (unity build)" OFF)
set(QUORATE_SANITIZE "" CACHE STRING "'address' (with undefined) or 'thread'")

add_library(quorate_options INTERFACE)
target_include_directories(quorate_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
target_compile_options(quorate_options INTERFACE
  -Wall -Wextra -Wpedantic $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local> -Wnon-virtual-dtor -Woverloaded-virtual -Werror
  # GCC 12 reports these inside inlined library code (libstdc++ strings, nlohmann); GCC bugs 105329 and 105651.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-array-bounds -Wno-stringop-overread>)
if(QUORATE_BUNDLE)
  # In a bundle, a source's own types look as if they came from a header.
  target_compile_options(quorate_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
target_compile_definitions(quorate_options INTERFACE
  QUORATE_VERSION="${PROJECT_VERSION}" SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY JSON_DIAGNOSTICS=0)

if(QUORATE_SANITIZE STREQUAL "address")
  # The null check is off because libcaf 0.17.6 binds null references in its own headers; vptr and object-size double the time
  # that a file takes (the first repeats what ASan sees of a wrong cast, the second finds nothing at -O0).
  set(flags -fsanitize=address,undefined -fno-sanitize=null,vptr,object-size -fno-sanitize-recover=all -fno-omit-frame-pointer)
elseif(QUORATE_SANITIZE STREQUAL "thread")
  # Asio's fences warn under TSan; the library's own happens-before edges are known to it.
  set(flags -fsanitize=thread -Wno-tsan)
elseif(NOT QUORATE_SANITIZE STREQUAL "")
  message(FATAL_ERROR "QUORATE_SANITIZE must be empty, 'address' or 'thread'")
endif()
target_compile_options(quorate_options INTERFACE ${flags})
target_link_options(quorate_options INTERFACE ${flags})

if(QUORATE_COVERAGE)
  target_compile_options(quorate_options INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(quorate_options INTERFACE --coverage)
endif()

find_program(QUORATE_CCACHE ccache)
if(QUORATE_CCACHE)
  # Precompiled headers need the sloppiness; base_dir lets two clones share their results.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${QUORATE_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
find_program(QUORATE_LLD ld.lld)
if(QUORATE_LLD)
  add_link_options(-fuse-ld=lld)
endif()
