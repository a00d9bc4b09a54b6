# Sourced by app/run, tests/run and .ci/run: installs what is missing, configures, builds.
# Everything here speaks on standard error, so that `--json -` keeps standard output to itself.

# What a build needs: packages of Debian 12 and Ubuntu 24.04; "a|b" is a package and its other name in some releases.
# The compiler's cache is not needed, only kind to whoever builds twice.
packages=(g++ cmake ninja-build ccache qt6-base-dev libqt6opengl6-dev 'qt6-charts-dev|libqt6charts6-dev' 'qt6-svg-dev|libqt6svg6-dev'
          libgl-dev libboost-dev libexpected-dev libssl-dev libsimdjson-dev libnghttp2-dev libcurl4-openssl-dev libpcre2-dev libsqlite3-dev zlib1g-dev libzstd-dev)

# What the stories of real clients in tests/clients need besides. Without them those tests are skipped, each with a sentence.
clientPackages=(python3-boto3 awscli nodejs npm)

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build/release

say() { printf '%s\n' "$*" >&2; }
stop() { say "$2"; exit "$1"; }

# missingPackages: one name a line, of those that dpkg does not have.
missingPackages() {
  local installed wanted
  # dpkg-query fails when it does not know one of them; what it does know is what counts.
  installed=$(dpkg-query --show --showformat='<${Package}:${db:Status-Status}>\n' \
    "${packages[@]%%|*}" "${packages[@]##*|}" 2>/dev/null) || true
  for wanted in "${packages[@]}"; do
    [[ $installed == *"<${wanted%%|*}:installed>"* || $installed == *"<${wanted##*|}:installed>"* ]] || echo "$wanted"
  done
}

# aptGet ARGS…: as root or through sudo. Its own words are shown at a terminal and kept for the case of a failure elsewhere.
aptGet() {
  local sudo=()
  ((EUID == 0)) || sudo=(sudo)
  local command=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@")
  if [[ -t 2 ]]; then "${command[@]}" </dev/null >&2; else "${command[@]}" </dev/null >>"$root/build/install.log" 2>&1; fi
}

installMissing() {
  if ! command -v dpkg-query >/dev/null; then
    say "This is no Debian or Ubuntu: building with what is there (wanted: Qt 6.4 with Charts and Svg, Boost, tl::expected, OpenSSL, simdjson, nghttp2, libcurl 7.75, PCRE2, SQLite, zlib, zstd, CMake, Ninja)."
    return
  fi
  local wanted names=()
  mapfile -t wanted < <(missingPackages)
  ((${#wanted[@]})) || return 0
  ((EUID == 0)) || command -v sudo >/dev/null ||
    stop 1 "Shardscope needs root or sudo to install these packages: ${wanted[*]%%|*}."
  # The lists are fetched when they do not know a package, and once more when what they name is gone from the mirror.
  apt-get install --simulate -qq "${wanted[@]%%|*}" >/dev/null 2>&1 || { say "Fetching the package lists."; aptGet update || true; }
  for wanted in "${wanted[@]}"; do
    if [[ $wanted == *'|'* ]] && ! apt-cache show "${wanted%%|*}" >/dev/null 2>&1; then names+=("${wanted##*|}"); else names+=("${wanted%%|*}"); fi
  done
  say "Installing ${names[*]}."
  aptGet install -y --no-install-recommends "${names[@]}" ||
    { aptGet update && aptGet install -y --no-install-recommends "${names[@]}"; } || {
      [[ -t 2 ]] || tail -n 15 "$root/build/install.log" >&2
      stop 1 "Shardscope could not install its packages; by hand: sudo apt-get install ${names[*]}"
    }
}

# clientIsThere PACKAGE: from that package or elsewhere; Debian's npm does not go with every nodejs.
clientIsThere() {
  case $1 in
    python3-boto3) /usr/bin/python3 -c 'import boto3' 2>/dev/null ;;
    awscli) [[ -x /usr/bin/aws ]] ;;
    nodejs) command -v node >/dev/null ;;
    npm) command -v npm >/dev/null ;;
  esac
}

# installClients: for tests/run alone. What cannot be had is said and left out.
installClients() {
  local package wanted=()
  for package in "${clientPackages[@]}"; do clientIsThere "$package" || wanted+=("$package"); done
  if ((${#wanted[@]})) && command -v dpkg-query >/dev/null && { ((EUID == 0)) || command -v sudo >/dev/null; }; then
    say "Installing ${wanted[*]}, for the tests with real clients."
    apt-get install --simulate -qq "${wanted[@]}" >/dev/null 2>&1 || aptGet update || true
    # One by one: not every release has all of them.
    for package in "${wanted[@]}"; do
      aptGet install -y --no-install-recommends "$package" || say "$package could not be installed; the tests with it are skipped."
    done
  fi
  installJavaScriptSdk
}

# installJavaScriptSdk: what the lock file says, when it is not there yet.
installJavaScriptSdk() {
  local folder=$root/tests/clients/javascript
  # npm writes this list of what it installed last, so it is newer than the lock file it came from.
  [[ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]] && return 0
  command -v npm >/dev/null || return 0
  say "Installing the JavaScript SDK for its test."
  npmCi && return 0
  # A network that puts a certificate of its own in between is unknown to npm. The lock file's sums still decide what is taken,
  # and nothing of the user's settings, such as a token, is shown to whoever is in between.
  if tail -n 8 "$root/build/install.log" | grep -q 'CERT\|certificate'; then
    say "npm does not know the certificate it met; what it fetches is held to the sums in the lock file."
    npmCi --strict-ssl=false --userconfig="$root/build/no-user.npmrc" --globalconfig="$root/build/no-global.npmrc" && return 0
  fi
  say "npm could not install the JavaScript SDK (see build/install.log); the test with it is skipped."
}

# npmCi OPTIONS…: every package is the one whose SHA-512 the lock file gives, and none runs a script of its own.
npmCi() {
  (cd "$root/tests/clients/javascript" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000 "$@") \
    </dev/null >>"$root/build/install.log" 2>&1
}

# configure PRESET: once; afterwards Ninja itself sees changed CMake files.
configure() {
  local folder=$root/build/$1
  # A project that was moved or copied takes its build folder along, which CMake refuses.
  if [[ -e $folder/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt"; then rm -rf -- "$folder"; fi
  [[ -e $folder/build.ninja ]] || (cd "$root" && cmake --preset "$1" >&2) || stop 1 "CMake could not configure $folder."
}

# compile PRESET TARGET…: with every core; Ninja shows how far it is.
compile() {
  local preset=$1; shift
  configure "$preset"
  cmake --build "$root/build/$preset" --parallel "$(nproc)" --target "$@" >&2 || stop 1 "The build failed; the first error above says where."
}

# alone COMMAND…: one build at a time; whoever comes second waits and finds it done.
alone() {
  mkdir -p "$root/build"
  exec 9>"$root/build/.lock"
  flock --nonblock 9 || { say "Waiting for another build of Shardscope."; flock 9; }
  "$@" 9>&- # no child, such as a service that an installed package starts, may keep the lock
  exec 9>&-
}
