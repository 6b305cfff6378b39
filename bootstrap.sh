#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Two commands on a fresh machine: sets up what is missing, builds, runs. See usage() below.
# All talk of the set-up goes to stderr; stdout is the program's.
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -u
export LC_ALL=C DEBIAN_FRONTEND=noninteractive

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P) || exit 3
build_dir=${GRADUS_BUILD_DIR:-$source_dir/build/bootstrap}
log=$build_dir/bootstrap.log

usage() {
  cat <<'USAGE'
Sets up gradus on Debian or Ubuntu (as root or with sudo) and runs it.

  ./bootstrap.sh run xor-grokking [options]   install what is missing, build, run the study
  ./bootstrap.sh test [options of ctest]      the same, then build everything and run all tests
  ./bootstrap.sh bench [options]              the same with PyTorch and NumPy, then compare speeds
  ./bootstrap.sh ARGUMENTS                    any other arguments go to gradus unchanged:
                                              list, show ID, report DIR, run --help, --version

Exit status: that of gradus, ctest or the benchmark; 3 if the set-up failed.
GRADUS_BUILD_DIR chooses another build folder than build/bootstrap.
packages.txt lists what is installed.
USAGE
}

say() { printf 'gradus: %s\n' "$*" >&2; }
fail() {
  say "$@"
  exit 3
}

# ---- packages ------------------------------------------------------------------------------------

# The packages of the given groups.
packages() {
  local groups=" $* " group="" line
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%%#*}
    line=${line//[[:space:]]/}
    case $line in
      "") ;;
      \[*\]) group=${line//[\[\]]/} ;;
      *) case $groups in *" $group "*) printf '%s\n' "$line" ;; esac ;;
    esac
  done <"$source_dir/packages.txt"
}

# Installs what is missing of the given groups. Where that cannot be done, apt_line says what should
# be, and the script goes on: what is missing may not be needed (gnuplot).
apt_line=""
install_packages() {
  local wanted missing as_root=()
  mapfile -t wanted < <(packages "$@")
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    say "not Debian or Ubuntu: going on with what is there; needed is what these packages of" \
      "Debian hold: ${wanted[*]}"
    return
  fi
  mapfile -t missing < <({
    dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null |
      sed -n 's/^installed //p'
    printf '%s\n' "${wanted[@]}"
  } | sort | uniq -u)
  [ ${#missing[@]} -gt 0 ] || return 0

  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; then
      as_root=(sudo)
    else
      apt_line="sudo apt-get install --no-install-recommends ${missing[*]}"
      say "packages are missing, and this is neither root nor can it sudo; have someone run:" \
        "$apt_line"
      return
    fi
  fi
  say "installing ${missing[*]}"
  { mkdir -p "$build_dir" && : >"$log"; } || fail "cannot write to $build_dir"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C
    apt-get -y -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update </dev/null >>"$log" 2>&1 || say "apt-get update failed (network?)"
  if ! "${apt[@]}" install --no-install-recommends "${missing[@]}" </dev/null >>"$log" 2>&1; then
    grep -E '^E: ' "$log" | tail -n 5 >&2
    apt_line="apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    say "apt-get could not install them (network?); trying what is there"
  fi
}

# ---- build ---------------------------------------------------------------------------------------

# Runs a command with its output in the log; on a terminal the counter of ninja is shown.
quietly() {
  local line shown=0 status
  "$@" </dev/null 2>&1 | while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\ [BL] ]]; then
      if [ -t 2 ]; then
        printf '\rgradus: step %s of %s ' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" >&2
        shown=1
      elif ((BASH_REMATCH[1] * 4 / BASH_REMATCH[2] > shown)); then
        shown=$((BASH_REMATCH[1] * 4 / BASH_REMATCH[2]))
        say "step ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"
      fi
    fi
  done
  status=${PIPESTATUS[0]}
  [ -t 2 ] && printf '\r\033[K' >&2
  return "$status"
}

# Ends with status 3 after the lines of the log that say why: what matches, or the last ones.
give_up() {
  { ! grep -q '^CMake Error' "$log" && grep -E -m 12 "$2" "$log" >&2; } || tail -n 25 "$log" >&2
  [ -z "$apt_line" ] || say "packages are missing; needed: $apt_line"
  fail "$1 (full log: $log)"
}

# build "TARGETS" [CMake options]: configures if an option is new, then builds the targets.
build() {
  local targets=$1 options=() option cores
  shift
  if [ -x "$build_dir/gradus" ] && [ ! -w "$build_dir" ]; then
    say "cannot write to $build_dir: going on with the program as it is there"
    return
  fi
  command -v cmake >/dev/null || fail "no cmake here${apt_line:+; needed: $apt_line}"
  { mkdir -p "$build_dir" && : >>"$log"; } || fail "cannot write to $build_dir"
  exec 9>"$build_dir/bootstrap.lock"
  if command -v flock >/dev/null && ! flock -n 9; then
    say "waiting for another build in $build_dir"
    flock 9
  fi
  : >"$log"

  # A tree that was copied or moved with its build folder starts anew.
  local cache=$build_dir/CMakeCache.txt
  if [ -f "$cache" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$source_dir" "$cache"; then
    rm -rf "$cache" "$build_dir/CMakeFiles" "$build_dir/build.ninja" "$build_dir/Makefile"
  fi
  if [ ! -f "$build_dir/build.ninja" ] && [ ! -f "$build_dir/Makefile" ]; then
    rm -f "$cache" # left by a configuration that failed
    options=(-DCMAKE_BUILD_TYPE=Release -DGRADUS_BUILD_TESTS:BOOL=OFF -DGRADUS_BUILD_BENCH:BOOL=OFF)
    command -v ninja >/dev/null && options+=(-G Ninja)
  fi
  for option; do
    grep -qxF -e "${option#-D}" "$cache" 2>/dev/null || options+=("$option")
  done
  if [ ${#options[@]} -gt 0 ]; then
    say "configuring (log: $log)"
    quietly cmake -S "$source_dir" -B "$build_dir" "${options[@]}" ||
      give_up "CMake could not configure" 'c++: error'
  fi
  [ -x "$build_dir/gradus" ] || say "building, which takes minutes the first time"
  cores=$(nproc 2>/dev/null || echo 2)
  # shellcheck disable=SC2086 # several targets
  quietly cmake --build "$build_dir" --target $targets --parallel "$cores" ||
    give_up "the build failed" 'error:|undefined reference|multiple definition|Killed'
  exec 9>&-
}

# ---- commands ------------------------------------------------------------------------------------

case ${1:-} in
  "")
    usage >&2
    exit 2
    ;;
  -h | --help)
    usage
    ;;
  test)
    shift
    install_packages run test
    build all -DGRADUS_BUILD_TESTS:BOOL=ON ${CI:+-DGRADUS_WERROR:BOOL=ON}
    ctest --test-dir "$build_dir" --output-on-failure --no-tests=error \
      --parallel "$(nproc 2>/dev/null || echo 2)" "$@"
    ;;
  bench)
    shift
    install_packages run bench
    build "gradus_studies gradus_bench" -DGRADUS_BUILD_BENCH:BOOL=ON
    # Debian's Python, whatever else is in the PATH: it has the packages.
    python=/usr/bin/python3
    [ -x "$python" ] || python=python3
    "$python" "$source_dir/bench/compare.py" --build "$build_dir" "$@"
    ;;
  *)
    install_packages run
    build gradus_studies
    exec "$build_dir/gradus" "$@"
    ;;
esac
