#!/usr/bin/env bash
# Runs the phases of one build: run-phases.sh MARK DIRECTORY EXPORTED_VARIABLE...
#
# DIRECTORY/<PHASE>/commands/* and DIRECTORY/<PHASE>/finally/* hold one command each, in the order of their names, and
# DIRECTORY/<PHASE>/on-failure may say ABORT or CONTINUE. As in CodeBuild, every command starts with the environment and
# the working directory that the previous one left, post_build runs even if build has failed, and nothing runs after a
# failed install or pre_build. What follows MARK on a line is an event; what precedes it on that line is output.
mark=$1 work=$2 source=$PWD
shift 2
exec 2>&1

say() { printf '%s %s\n' "$mark" "$*"; }
stamp() { date -u '+%Y/%m/%d %H:%M:%S'; }

run_command() {
  local status name pair
  printf '[Container] %s Running command %s\n' "$(stamp)" "$(cat "$1")"
  rm -f "$work/environment" "$work/directory"
  SEEDBED_COMMAND=$1 SEEDBED_WORK=$work bash -c '
    seedbed_command=$SEEDBED_COMMAND seedbed_work=$SEEDBED_WORK
    unset SEEDBED_COMMAND SEEDBED_WORK
    trap '\''status=$?; env -0 >"$seedbed_work/environment"; pwd >"$seedbed_work/directory"; exit $status'\'' EXIT
    . "$seedbed_command"
  ' bash </dev/null
  status=$?
  if [ -f "$work/environment" ]; then
    while IFS= read -r -d '' pair; do
      name=${pair%%=*}
      case $name in
        _ | SHLVL | PWD | OLDPWD | *[!A-Za-z0-9_]*) ;;
        *) export "$name=${pair#*=}" ;;
      esac
    done <"$work/environment"
  fi
  if [ -f "$work/directory" ]; then cd "$(cat "$work/directory")" || true; fi
  return "$status"
}

run_list() {
  local file status
  for file in "$work/$1/$2"/*; do
    [ -f "$file" ] || continue
    run_command "$file"
    status=$?
    if [ "$status" -ne 0 ]; then
      say "error $1 $status $file"
      return 1
    fi
  done
}

export CODEBUILD_BUILD_SUCCEEDING=1
skip_from=
for phase in INSTALL PRE_BUILD BUILD POST_BUILD; do
  if [ -n "$skip_from" ] && { [ "$phase" != POST_BUILD ] || [ "$skip_from" != BUILD ]; }; then continue; fi
  say "start $phase"
  result=SUCCEEDED
  run_list "$phase" commands || result=FAILED
  run_list "$phase" finally || result=FAILED
  say "end $phase $result"
  if [ "$result" = FAILED ]; then
    export CODEBUILD_BUILD_SUCCEEDING=0
    case $(cat "$work/$phase/on-failure" 2>/dev/null) in
      CONTINUE) ;;
      ABORT) skip_from=$phase-ABORT ;;
      *) skip_from=${skip_from:-$phase} ;;
    esac
  fi
done

# Where only the directory for temporary files can be written to; a mode would not stop who is root.
if [ -f "$work/read-only" ]; then
  written=$(cd "$source" && find . ! -name . -newer "$work/read-only" | head -n 1)
  if [ -n "$written" ]; then say "wrote $(printf '%s' "${written#./}" | base64 | tr -d '\n')"; fi
fi

for name in "$@"; do say "export $name $(printf '%s' "${!name}" | base64 | tr -d '\n')"; done
say done
