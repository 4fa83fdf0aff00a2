# SPDX-License-Identifier: MIT
# Sourced by ./dev. What `./dev lint` checks, each part on its own.

folders=(chain config db consensus engine actors rpc net app)

# Every C++ file of ours.
sources() {
  find "${folders[@]}" tests bench -name node_modules -prune -o \( -name '*.cpp' -o -name '*.hpp' \) -print | sort
}

lint_format() {
  sources | xargs clang-format-14 --dry-run -Werror
}

lint_structure() {
  python3 tests/unit/structure/structure_test.py
}

# clang-tidy's cost is the headers, some five seconds each time. So it reads a folder's sources in a few bundles (CMake's unity
# build), with clang's own precompiled headers, and a bundle that passed is not read again while the rules, our headers and its
# sources are the same; --all forgets what passed.
lint_tidy() {
  local tree=build/tidy stamps=build/tidy/passed common bundle content stamp todo=()
  cmake --preset tidy -B "$tree" >/dev/null
  [[ ${1:-} == --all ]] && rm -rf "$stamps"
  mkdir -p "$stamps"
  common=$(cat .clang-tidy $(find "${folders[@]}" -name '*.hpp' | sort) | sha256sum)
  for bundle in "$tree"/CMakeFiles/*.dir/Unity/*.cxx; do
    content=$(sed -n 's/^#include "\(.*\)"$/\1/p' "$bundle" | xargs cat | sha256sum)
    stamp=$stamps/$(printf '%s' "$common $bundle $content" | sha256sum | cut -c1-40)
    [[ -e $stamp ]] || todo+=("$bundle" "$stamp")
  done
  ((${#todo[@]})) || return 0
  say "clang-tidy: $((${#todo[@]} / 2)) bundles"
  # Precompiled headers, and the headers that are generated.
  ninja -C "$tree" -t targets all | sed -n 's/^\([^:]*\(\.pch\|embedded_[a-z]*\.hpp\)\):.*/\1/p' | sort -u |
    xargs cmake --build "$tree" --target >build/tidy.log || { cat build/tidy.log >&2; return 1; }
  printf '%s\n' "${todo[@]}" | xargs -n2 -P"$(nproc)" scripts/tidy_file "$tree"
}
