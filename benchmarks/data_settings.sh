# What edf_speed.sh, render_speed.sh, render_nights.sh and docs_pictures.sh share: a folder to work in, their Java compiled,
# a Java to start it, and the median of an awk program's figures.
root=$(dirname "$here")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$root/eegvlm" --version >&2 # builds where that is needed
class_path="$root/cli/target/classes:$(cat "$root/cli/target/classpath.txt"):$work"

compile() {
    "${JAVA_HOME:+$JAVA_HOME/bin/}javac" -proc:none -d "$work" -cp "$class_path" "$here/$1.java"
}

start() {
    "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC -Djava.awt.headless=true -cp "$class_path" "$@"
}

# Of lines "side, figure, value", each as often as there were turns: middle(side FS figure).
MEDIANS='
    { n[$1 FS $2]++; v[$1 FS $2, n[$1 FS $2]] = $3 }
    function middle(key,   i, j, t) {
        for (i = 2; i <= n[key]; i++) for (j = i; j > 1 && v[key, j] < v[key, j - 1]; j--) {
            t = v[key, j]; v[key, j] = v[key, j - 1]; v[key, j - 1] = t
        }
        return v[key, int((n[key] + 1) / 2)]
    }'
