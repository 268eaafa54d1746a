# What every page's session begins with. What is said goes to a file, so that a page's placeholder can be read from it; the first command
# that fails ends the session, and its page and line are said.
exec 3>&1 >"$HOME/said" 2>&1
shopt -s expand_aliases
# Each block that stays in a terminal of its own is a group of its own, which Ctrl-C ends.
set -mE
at=setup
trap 'line=$LINENO; n=0; if [ -n "${FUNCNAME-}" ]; then n=${#FUNCNAME[@]}; fi; if ((n > 1)); then line=${BASH_LINENO[n - 2]}; fi; echo "$at:$line: this failed: $BASH_COMMAND"' ERR
ended() {
    code=$?
    trap - ERR
    for job in $(jobs -p); do kill -KILL -- "-$job" 2>/dev/null || true; done
    cat "$HOME/said" >&3
    exit "$code"
}
trap ended EXIT

# Waits until what stays has said that it is there; it is the last one from then on.
stays() {
    last=$!
    for _ in $(seq 2400); do
        if grep -qE ' ready|"warehouse"' "$1"; then return; fi
        sleep 0.05
    done
    cat "$1"
    return 1
}
ctrl_c() {
    kill -INT -- "-$last"
    wait "$last" || true
}

# What a reader copies from what was said last: a field of an answer, a recovery key, the name of a backup.
answered() {
    sed -n "s/^$1: //p" "$HOME/said" | tail -1
}
recovery_key() {
    grep -o 'weighbridge-recovery-[^ ]*' "$HOME/said" | tail -1
}
newest_backup() {
    for backup in backups/weighbridge-*; do :; done
    echo "$backup"
}

# The archive, unpacked as the page of installing says.
unpacked() {
    tar -xzf weighbridge-*.tar.gz
    cd weighbridge-*/
}

# What pages mean by these words: the block of index.md.
short_names() {
    DATA=$PWD/weighbridge-data CONFIG=$PWD/weighbridge.toml
    alias weighbridge="$PWD/weighbridge --data $DATA --config $CONFIG"
}

# A host with a customer whose orders have moved once, as the page of the first hour leaves it; two platforms answer, no host serves.
settled() {
    unpacked
    short_names
    host=("$PWD/weighbridge" --data "$DATA" --config "$CONFIG")
    "${host[@]}" init --operator you@example.com --tenant partner
    "${host[@]}" trust add weighbridge connectors/publisher.pub
    "${host[@]}" connector install connectors/weighbridge.rest-*.wbc
    printf '\n[backup]\nfolder = "backups"\n' >>weighbridge.toml
    "${host[@]}" platforms --calm --orders 250 >"$HOME/platforms" 2>&1 &
    stays "$HOME/platforms"
    "${host[@]}" apply "$HOME/acme.toml"
    "${host[@]}" run acme/orders
}

# The same, and it serves.
serving() {
    settled
    "${host[@]}" serve >"$HOME/serving" 2>&1 &
    stays "$HOME/serving"
}
