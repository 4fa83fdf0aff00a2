# SPDX-License-Identifier: MIT
# Sourced by ./dev. What `./dev lint` checks, each part on its own.

folders=(chain config db consensus actors rpc net app)

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

# clang-tidy reads the whole of each file's includes, some ten seconds per file. So a result is kept, by the hash of the rules,
# of every header of ours and of the file itself; --all forgets what is kept. The compile database has no precompiled headers:
# clang cannot read GCC's.
lint_tidy() {
  local tree=build/tidy stamps=build/tidy/passed common file stamp todo=()
  cmake --preset dev -B "$tree" -DQUORATE_PCH=OFF >/dev/null
  [[ ${1:-} == --all ]] && rm -rf "$stamps"
  mkdir -p "$stamps"
  common=$(cat .clang-tidy $(find "${folders[@]}" -name '*.hpp' | sort) | sha256sum)
  while read -r file; do
    stamp=$stamps/$(printf '%s' "$common $file" | cat - "$file" | sha256sum | cut -c1-40)
    [[ -e $stamp ]] || todo+=("$file" "$stamp")
  done < <(find "${folders[@]}" -name '*.cpp' | sort)
  ((${#todo[@]})) || return 0
  say "clang-tidy: $((${#todo[@]} / 2)) files"
  printf '%s\n' "${todo[@]}" | xargs -n2 -P"$(nproc)" scripts/tidy_file "$tree"
}
