#!/bin/bash
# A sweep on a cluster that runs Slurm: the phase diagram of docs/sweeps.md, finer.
#
#   job=$(sbatch --parsable --array=0-31 docs/slurm/sweep.sh)     # 32 shards fill one store
#   sbatch --dependency=afterok:$job docs/slurm/sweep.sh          # tables and figures, when all are done
#
# Without an array (the second line, or `bash docs/slurm/sweep.sh` on any machine) it computes what is
# missing and writes tables and figures. Started again it goes on where it stopped.
#
# Yours to set (sbatch --export=ALL,OUT=...):
#   GRADUS   the program                              ("gradus" on the PATH unless set)
#   OUT      folder of the store, seen by every node  ("sweep-out" unless set)
# From Slurm:
#   SLURM_ARRAY_TASK_ID     number of this task in the array
#   SLURM_ARRAY_TASK_MIN    number of the first task, so that an array may begin at 1
#   SLURM_ARRAY_TASK_COUNT  number of tasks; the array must have no gaps
#   SLURM_CPUS_PER_TASK     cores of this task, from --cpus-per-task
#SBATCH --job-name=gradus-sweep
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --time=02:00:00
#SBATCH --requeue
#SBATCH --output=%x-%A_%a.log

set -eu

words=(sweep xor-grokking --arm main --metric end_test_accuracy
       --grid "num_samples=50:800:24,log" --grid "mean_norm_squared=100:30000:24,log"
       --out "${OUT:-sweep-out}" --threads "${SLURM_CPUS_PER_TASK:-$(nproc)}")

if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then
  shard=$((SLURM_ARRAY_TASK_ID - ${SLURM_ARRAY_TASK_MIN:-0}))
  words+=(--shard "$shard/$SLURM_ARRAY_TASK_COUNT")
fi
exec "${GRADUS:-gradus}" "${words[@]}"
