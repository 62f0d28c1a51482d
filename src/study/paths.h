/* paths.h - the names of all files and directories of an experiment's results. */
#ifndef IP_STUDY_PATHS_H
#define IP_STUDY_PATHS_H

#define IP_FILE_EXPERIMENT "experiment.yaml"
#define IP_FOLDER_RUNS "runs"
#define IP_FOLDER_FIGURES "figures"
#define IP_FILE_LOCK ".lock"      /* ".lock-K-of-N": of a shard */
#define IP_FILE_JOURNAL "journal" /* "journal.tsv", "journal-K-of-N.tsv" */
#define IP_FILE_SUMMARY "summary.csv"
#define IP_FILE_RUNS "runs.csv"
#define IP_FILE_CORRELATIONS "correlations.csv"
#define IP_FILE_GRID "grid.h5"
#define IP_FILE_STAMP ".gathered" /* what the tables and figures were made from: summary/stamp.h */
#define IP_ENDING_RUN ".h5"
#define IP_ENDING_JOURNAL ".tsv"

#endif
