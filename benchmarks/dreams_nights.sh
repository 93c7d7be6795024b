# What dreams.sh and dreams_folds.sh share: the list of the excerpts, three to learn from and one to answer.

# FOLDER_WITH_THE_EXCERPTS: prints the JSON
dreams_nights() {
    local dreams=$1
    entry() { # excerpt, rate in Hz, split
        printf '  {"subject": "excerpt%s", "night": "excerpt%s", "recording": "%s/excerpt%s.txt", "hypnogram": "%s/Hypnogram_excerpt%s.txt",
   "rate_hz": %s, "channel": "EEG", "unit": "uV", "hypnogram_codes": "dreams", "hypnogram_step_seconds": 5, "epoch_seconds": 20, "split": "%s"}' \
            "$1" "$1" "$dreams" "$1" "$dreams" "$1" "$2" "$3"
    }
    printf '[\n'; entry 1 100 train; printf ',\n'; entry 2 200 train; printf ',\n'; entry 4 200 train; printf ',\n'
    entry 6 200 eval; printf '\n]\n'
}
