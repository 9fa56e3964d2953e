#!/usr/bin/env bash
# A Slurm of one node on the loopback interface, for testing. As root, with the Debian packages
# slurmctld, slurmd, slurm-client and munge:
#
#   tools/slurm_local.sh start DIR     start it; everything it writes lies in DIR, and nothing in /etc
#   tools/slurm_local.sh stop DIR      stop it
#
# Its commands find it by the environment:   export SLURM_CONF=DIR/slurm.conf
set -euo pipefail

usage() {
    echo "usage: tools/slurm_local.sh start|stop DIR" >&2
    exit 2
}

[[ $# == 2 ]] || usage
mkdir -p "$2"
dir=$(cd "$2" && pwd)
export SLURM_CONF="$dir/slurm.conf"

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

write_configuration() {
    local host megabytes
    host=$(hostname -s)
    megabytes=$(awk '/MemTotal/ {print int($2 / 1024 * 0.9)}' /proc/meminfo)
    echo "CgroupAutomount=no" >"$dir/cgroup.conf"
    cat >"$SLURM_CONF" <<CONF
ClusterName=causalmix
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1
ReturnToService=2
MpiDefault=none
KillWait=3
MinJobAge=60
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
SlurmdSpoolDir=$dir/slurmd
StateSaveLocation=$dir/state
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(getconf _NPROCESSORS_ONLN) RealMemory=$megabytes State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
}

start() {
    mkdir -p "$dir/slurmd" "$dir/state"
    [[ -f $dir/munge.key ]] || (umask 077 && dd if=/dev/urandom of="$dir/munge.key" bs=32 count=1 status=none)
    write_configuration
    munged --force --socket="$dir/munge.socket" --key-file="$dir/munge.key" --pid-file="$dir/munged.pid" \
        --log-file="$dir/munged.log" --seed-file="$dir/munge.seed"
    slurmctld
    slurmd
    for _ in $(seq 100); do
        [[ $(sinfo -h -o %T 2>/dev/null) == idle ]] && return 0
        sleep 0.1
    done
    echo "Slurm did not come up; its last words:" >&2
    for log in "$dir"/*.log; do tail -n 5 "$log" >&2; done
    return 1
}

stop() {
    local name
    # The steps of jobs outlive the daemons and would go on for ever.
    scancel --full --user="$(id -un)" 2>/dev/null || true
    for _ in $(seq 80); do
        [[ -z $(squeue -h 2>/dev/null) ]] && break
        sleep 0.1
    done
    for name in slurmd slurmctld munged; do
        if [[ -f $dir/$name.pid ]]; then
            kill "$(cat "$dir/$name.pid")" 2>/dev/null || true
        fi
    done
}

case $1 in
start) start ;;
stop) stop ;;
*) usage ;;
esac
