# What a stranger types who has nothing but the folder of downloads; $1, $2 and $3 are ports that are free.
shop=127.0.0.1:$1 warehouse=127.0.0.1:$2 host=127.0.0.1:$3

# One request to this machine, by the shell alone.
get() {
    exec 3<>"/dev/tcp/${1%:*}/${1#*:}"
    printf 'GET %s HTTP/1.0\r\nhost: %s\r\n\r\n' "$2" "$1" >&3
    sed '1,/^\r$/d' <&3
}
answers() {
    for _ in $(seq 300); do
        (exec 3<>"/dev/tcp/${1%:*}/${1#*:}") 2>/dev/null && return
        sleep 0.1
    done
    echo "nothing answers at $1" >&2
    return 1
}

# There is no network, or this would say nothing about installing without one.
if [ "$CUT" = true ]; then
    [ "$(grep -c : /proc/net/dev)" = 1 ]
    if (exec 3<>/dev/tcp/192.0.2.1/80) 2>/dev/null; then exit 1; fi
fi

# Verify, unpack, verify what was unpacked.
openssl pkeyutl -verify -pubin -inkey release.pub.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig
sha256sum --check --quiet SHA256SUMS
tar -xzf weighbridge-*.tar.gz
cd weighbridge-*/
openssl pkeyutl -verify -pubin -inkey ../release.pub.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig
sha256sum --check --quiet SHA256SUMS

# Begin a host.
./weighbridge --config weighbridge.toml init --listen "$host" --operator ada@example.com
./weighbridge --config weighbridge.toml config check
./weighbridge trust add weighbridge connectors/publisher.pub
./weighbridge connector install connectors/weighbridge.rest-*.wbc

# Two platforms to move something between; `demo` writes the document of what there is to be.
./weighbridge demo --folder demo
./weighbridge platforms --calm --shop "$shop" --warehouse "$warehouse" &
trap 'kill $(jobs -p)' EXIT
answers "$warehouse"
sed -E "s|base_url = \"http://[^\"]*\"|base_url = \"@\"|" demo/partner.toml |
    awk -v shop="http://$shop" -v warehouse="http://$warehouse" '/"@"/ { sub("@", n++ ? warehouse : shop) } { print }' >partner.toml
./weighbridge apply partner.toml
./weighbridge --json run acme/diamonds >../refused.json && exit 1
./weighbridge apply demo/active.toml

# Serve it, and take a backup; what is to be kept apart is kept apart. What moves after that is not in it.
printf '\n[backup]\nfolder = "backups"\n' >>weighbridge.toml
./weighbridge --config weighbridge.toml config check
./weighbridge --config weighbridge.toml serve 2>../host.log &
serving=$!
answers "$host"
get "$host" /readyz >../ready
./weighbridge backup take
./weighbridge --json run acme/diamonds >../run.json
./weighbridge --json usage >../usage.json
get "$warehouse" /summary >../warehouse.json
mkdir safe
cp weighbridge-data/keys.json weighbridge-data/keys.burned weighbridge-data/master.key safe/

# Lose the machine.
kill -9 "$serving"
wait "$serving" || true
rm -rf weighbridge-data

# Bring it back, look at it, and go on.
mkdir -m 700 weighbridge-data
cp safe/* weighbridge-data/
./weighbridge backup check backups/weighbridge-*
./weighbridge backup restore backups/weighbridge-*
./weighbridge --json run acme/diamonds >../frozen.json && exit 1
./weighbridge --config weighbridge.toml serve 2>../host-restored.log &
answers "$host"
./weighbridge host thaw
./weighbridge --json run acme/diamonds >../run-restored.json
./weighbridge --json usage >../usage-restored.json
./weighbridge audit verify
get "$warehouse" /summary >../warehouse-restored.json
