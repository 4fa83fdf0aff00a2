# SPDX-License-Identifier: MIT
# Sourced by ./dev. need_packages <group>…: installs what is missing of config/debian-packages.txt.

packages_of() {
  local wanted=" $* " group package command
  while read -r group package command; do
    case "$group" in ''|'#'*) continue ;; esac
    [[ $wanted == *" $group "* ]] || continue
    [[ -n $command ]] && command -v "$command" >/dev/null && continue
    printf '%s\n' "$package"
  done <config/debian-packages.txt
}

missing_packages() {
  local package
  packages_of "$@" | while read -r package; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
  done
}

need_packages() {
  if ! command -v apt-get >/dev/null; then
    say "this is not Debian, so nothing is installed; needed are: $(packages_of "$@" | paste -sd' ')"
    return 0
  fi
  local missing as_root=() create_clusters=/etc/postgresql-common/createcluster.d/quorate.conf
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    as_root=(sudo)
    command -v sudo >/dev/null || die "missing packages; as root: apt-get install ${missing[*]}"
  fi
  say "installing from Debian: ${missing[*]}"
  # Debian's package would create and start a server of its own; Quorate starts its own.
  if [[ " ${missing[*]} " == *" postgresql-15 "* && ! -e $create_clusters ]]; then
    "${as_root[@]}" mkdir -p "$(dirname "$create_clusters")"
    printf 'create_main_cluster = false\n' | "${as_root[@]}" tee "$create_clusters" >/dev/null
  fi
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 -o Acquire::Retries=3)
  "${apt[@]}" update >/dev/null || die "apt-get update failed"
  "${apt[@]}" install --no-install-recommends "${missing[@]}" >/dev/null || die "apt-get could not install them"
}
