// Package baselines keeps the log of audit metrics.
package baselines

import (
	"errors"
	"fmt"
	"strings"

	"lakehouse.invalid/peer/internal/calendar"
	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/rawjson"
)

const maxEntryDepth = 128

var metricNames = [...]string{
	"p2_evidence_rows", "p2_evidence_skips", "p3_accepted", "p3_partial", "p3_rejected", "p3_human",
	"p4_rag_rows", "p4_sft_rows", "p4_preference_pairs", "p4_quarantined",
}

// metrics are the ten metrics of an entry, in the order of their names.
type metrics [len(metricNames)]int64

var (
	isTime   = fields.String(calendar.IsRFC3339)
	notEmpty = fields.String(func(s string) bool { return s != "" })
	count    = fields.Integer(0, rawjson.MaxInteger)
)

// checkEntry reads the metrics of an entry and returns its first error.
func checkEntry(v rawjson.Value) (metrics, error) {
	var m metrics
	if v.Depth() > maxEntryDepth {
		return m, fmt.Errorf("nests deeper than %d levels", maxEntryDepth)
	}
	if v.Kind() != rawjson.Object {
		return m, errors.New("not a JSON object")
	}
	r := fields.Reader{Members: v.Members()}
	r.Required("recorded_at", "an RFC 3339 time", isTime)
	r.Required("git_commit", "a string that is not empty", notEmpty)
	members := r.Required("metrics", "an object", fields.Is(rawjson.Object)).Members()
	if r.Err() != nil {
		return m, r.Err()
	}
	for i, name := range metricNames {
		v, ok := members.Get(name)
		switch {
		case !ok:
			return m, fmt.Errorf("missing metric `%s`", name)
		case !count(v):
			return m, fmt.Errorf("metric `%s` must be an integer of at least 0", name)
		}
		m[i], _ = v.Integer()
	}
	return m, nil
}

// readLog reads and checks every entry of a log. The error has the line
// number.
func readLog(log string) ([]rawjson.Value, error) {
	var entries []rawjson.Value
	number := 0
	for line := range strings.Lines(log) {
		number++
		line = strings.TrimSuffix(line, "\n")
		if strings.Trim(line, " \t\r") == "" {
			continue
		}
		v, err := rawjson.Parse([]byte(line), 0)
		if err != nil {
			err = errors.New("not valid JSON")
		} else {
			_, err = checkEntry(v)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		entries = append(entries, v)
	}
	return entries, nil
}

// added returns the text that an entry adds to a log.
func added(log string, entry rawjson.Value) []byte {
	var text []byte
	if log != "" && !strings.HasSuffix(log, "\n") {
		text = append(text, '\n')
	}
	return append(entry.AppendCompact(text), '\n')
}
