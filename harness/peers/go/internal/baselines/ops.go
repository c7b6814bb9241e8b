package baselines

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/appendfile"
	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/rawjson"
)

// maxInputDepth leaves room for the input object around an entry.
const maxInputDepth = maxEntryDepth + 2

var opNames = []string{"last", "append", "round_trip", "drift"}

// opMembers are the members of each operation, in the order in which they are
// checked.
var opMembers = map[string][]string{
	"last":       {"log"},
	"append":     {"log", "baseline"},
	"round_trip": {"log"},
	"drift":      {"from", "to"},
}

// Line answers one line of the helper. With a root, the log is the file below
// it instead of a member of the input.
func Line(line, dst []byte, root string) []byte {
	start := len(dst)
	answer, err := operate(line, dst, root)
	if err != nil {
		dst = append(answer[:start], `{"error":`...)
		dst = rawjson.AppendString(dst, err.Error())
		return append(dst, '}')
	}
	return answer
}

func operate(line, dst []byte, root string) ([]byte, error) {
	v, err := rawjson.Parse(line, maxInputDepth)
	switch {
	case errors.Is(err, rawjson.ErrDepth):
		return dst, fmt.Errorf("input nests deeper than %d levels", maxInputDepth)
	case err != nil:
		return dst, errors.New("input line is not valid JSON")
	case v.Kind() != rawjson.Object:
		return dst, errors.New("input must be a JSON object")
	}
	op, in, err := readInput(v.Members(), root)
	if err != nil {
		return dst, err
	}
	switch op {
	case "drift":
		from, err := checkEntry(in["from"])
		if err != nil {
			return dst, fmt.Errorf("from: %w", err)
		}
		to, err := checkEntry(in["to"])
		if err != nil {
			return dst, fmt.Errorf("to: %w", err)
		}
		return appendDrift(dst, from, to), nil
	case "append":
		if _, err := checkEntry(in["baseline"]); err != nil {
			return dst, fmt.Errorf("baseline: %w", err)
		}
	}
	if op == "append" && root != "" {
		return appendToFile(dst, root, in["baseline"])
	}
	log := in["log"].Text()
	if root != "" {
		if log, err = readFile(root); err != nil {
			return dst, err
		}
	}
	entries, err := readLog(log)
	if err != nil {
		return dst, err
	}
	switch op {
	case "last":
		return appendLast(dst, entries), nil
	case "round_trip":
		return appendRoundTrip(dst, entries), nil
	}
	return appendLog(dst, log+string(added(log, in["baseline"]))), nil
}

// readInput returns the operation and its members, as far as they are present
// and the log is a string; entries are checked later.
func readInput(members rawjson.Members, root string) (string, map[string]rawjson.Value, error) {
	r := fields.Reader{Members: members}
	op := r.Required("op", "one of "+fields.List(opNames), fields.OneOf(opNames...)).Text()
	if r.Err() != nil {
		return "", nil, r.Err()
	}
	names := opMembers[op]
	if root != "" {
		names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == "log" })
	}
	if name, found := fields.Unknown(members, append([]string{"op"}, names...)); found {
		return "", nil, fmt.Errorf("unknown field `%s`", name)
	}
	in := map[string]rawjson.Value{}
	for _, name := range names {
		if name == "log" {
			in[name] = r.Required(name, "a string", fields.Is(rawjson.String))
		} else {
			in[name] = r.Required(name, "any value", fields.Any)
		}
	}
	return op, in, r.Err()
}

func appendLast(dst []byte, entries []rawjson.Value) []byte {
	dst = append(dst, `{"baseline":`...)
	if len(entries) == 0 {
		dst = append(dst, "null"...)
	} else {
		dst = entries[len(entries)-1].AppendCompact(dst)
	}
	dst = append(dst, `,"entries":`...)
	dst = strconv.AppendInt(dst, int64(len(entries)), 10)
	return append(dst, '}')
}

func appendRoundTrip(dst []byte, entries []rawjson.Value) []byte {
	var log []byte
	for _, e := range entries {
		log = append(e.AppendCompact(log), '\n')
	}
	return appendLog(dst, string(log))
}

func appendLog(dst []byte, log string) []byte {
	dst = append(dst, `{"log":`...)
	dst = rawjson.AppendString(dst, log)
	return append(dst, '}')
}

func logPath(root string) string {
	return filepath.Join(root, "data", "_kb", "audit_baselines.jsonl")
}

var (
	errUnreadable = errors.New("log cannot be read")
	errUnwritable = errors.New("log cannot be written")
)

// readFile returns the log below root; an absent one is empty.
func readFile(root string) (string, error) {
	content, err := os.ReadFile(logPath(root))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", errUnreadable
	}
	return acknowledged(content)
}

// appendToFile checks the log below root and appends an entry, while no other
// program appends.
func appendToFile(dst []byte, root string, baseline rawjson.Value) ([]byte, error) {
	// A log that can neither be read nor written is reported as unreadable.
	if _, err := os.ReadFile(logPath(root)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return dst, errUnreadable
	}
	file, err := appendfile.Open(logPath(root))
	if err != nil {
		return dst, errUnwritable
	}
	defer file.Close()
	content, err := file.Read()
	if err != nil {
		return dst, errUnreadable
	}
	log, err := acknowledged(content)
	if err != nil {
		return dst, err
	}
	entries, err := readLog(log)
	if err != nil {
		return dst, err
	}
	if len(log) < len(content) && file.Truncate(int64(len(log))) != nil {
		return dst, errUnwritable
	}
	if file.Append(baseline.AppendCompact(nil)) != nil {
		return dst, errUnwritable
	}
	dst = append(dst, `{"entries":`...)
	dst = strconv.AppendInt(dst, int64(len(entries)+1), 10)
	return append(dst, '}'), nil
}

// acknowledged returns the text of a log without the rest of an append that was
// cut short: a last line without a line feed that is not JSON.
func acknowledged(content []byte) (string, error) {
	start := bytes.LastIndexByte(content, '\n') + 1
	if last := bytes.Trim(content[start:], " \t\r"); len(last) > 0 {
		if _, err := rawjson.Parse(last, 0); err != nil || !utf8.Valid(last) {
			content = content[:start]
		}
	}
	if !utf8.Valid(content) {
		return "", errors.New("log is not valid UTF-8")
	}
	return string(content), nil
}
