#!/bin/sh
# A real Slurm cluster of one node, this machine, for trying infoplane run --slurm and for its tests. No root, no munge,
# no accounts: everything stands in one folder and is gone with it.
# usage: scripts/slurm-local.sh start DIR [CPUS]     then: export SLURM_CONF=DIR/slurm.conf
#        scripts/slurm-local.sh stop DIR
# Exit status 77 when Slurm is not installed (Debian: slurmctld slurmd slurm-client slurm-wlm-basic-plugins).
set -eu
PATH=$PATH:/usr/sbin:/sbin

usage() { echo "usage: $0 start DIR [CPUS] | stop DIR" >&2; exit 2; }
[ $# -ge 2 ] || usage
action=$1

stop() {
  for daemon in slurmd slurmctld; do
    [ -f "$dir/$daemon.pid" ] || continue
    pid=$(cat "$dir/$daemon.pid")
    kill "$pid" 2>/dev/null || true
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.3
    done
    kill -9 "$pid" 2>/dev/null || true
    rm -f "$dir/$daemon.pid"
  done
}

# A TCP port that nobody listens on, from $1 up.
free_port() {
  port=$1
  while grep -qi ":$(printf %04X "$port") 00000000:0000 0A" /proc/net/tcp; do port=$((port + 1)); done
  echo "$port"
}

give_up() {
  echo "$0: the cluster did not come up; its logs:" >&2
  for log in start slurmctld slurmd; do
    [ ! -f "$dir/$log.log" ] || tail -n 20 "$dir/$log.log" >&2
  done
  stop
  exit 1
}

start() {
  for program in slurmctld slurmd sbatch squeue; do
    command -v $program >/dev/null || { echo "$0: $program is not installed" >&2; exit 77; }
  done
  cpus=${1:-$(getconf _NPROCESSORS_ONLN)}
  host=$(hostname -s)
  user=$(id -un)
  mkdir -p "$dir/state" "$dir/spool"
  seed=$((20000 + $$ % 20000))
  controller=$(free_port "$seed")
  node=$(free_port $((controller + 1)))
  cat >"$dir/slurm.conf" <<EOF
ClusterName=local
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/none
CredType=cred/none
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,sched_min_interval=0,bf_interval=1
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
SlurmctldPort=$controller
SlurmdPort=$node
ReturnToService=2
MailProg=/bin/true
MpiDefault=none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
KillWait=5
MinJobAge=300
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus State=UNKNOWN
PartitionName=local Nodes=$host Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
EOF
  # No cgroups are used; the default looks for their file system, which containers may lack.
  echo CgroupPlugin=cgroup/v1 >"$dir/cgroup.conf"
  export SLURM_CONF="$dir/slurm.conf"
  slurmctld -c -f "$SLURM_CONF" >"$dir/start.log" 2>&1 || give_up
  slurmd -c -f "$SLURM_CONF" -N "$host" >>"$dir/start.log" 2>&1 || give_up
  for _ in $(seq 100); do
    case $(sinfo --noheader --format=%T 2>/dev/null || true) in
      idle | mixed | allocated) echo "export SLURM_CONF=$dir/slurm.conf"; return ;;
    esac
    sleep 0.2
  done
  give_up
}

mkdir -p "$2"
dir=$(cd "$2" && pwd)
shift 2
case $action in
  start) start "$@" ;;
  stop) stop ;;
  *) usage ;;
esac
