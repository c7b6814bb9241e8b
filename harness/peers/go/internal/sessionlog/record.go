// Package sessionlog writes the record of every iterate run.
package sessionlog

import (
	"path/filepath"
	"strconv"
	"time"

	"lakehouse.invalid/peer/internal/appendfile"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/validate"
)

const (
	schema = "session.iterate.v1"
	// Daemon is the writer's name in this program's records.
	Daemon = "peer-go"
)

// The verdicts of a run.
const (
	Accepted         = "accepted"
	MaxIterExhausted = "max_iter_exhausted"
	InfraError       = "infra_error"
)

// The verdicts of an attempt, besides Accepted.
const (
	NoJSON           = "no_json"
	ValidationFailed = "validation_failed"
	CutOff           = "cut_off"
)

// Record is a run, without the time and the writer's name.
type Record struct {
	SessionID               string
	Kind                    string
	Provider, Model, Prompt string
	Iterations              int64
	MaxIterations           int64
	FinalVerdict            string
	Attempts                []Attempt
	Artifact                rawjson.Value // of kind Invalid for null
	GroundedInRoster        *bool
	Error                   *string
	DurationMS              int64
}

// Attempt is one completed attempt of a run.
type Attempt struct {
	Iteration int64
	Verdict   string
	Raw       string
	Error     *validate.Failure
}

// AppendJSON appends the record as one line without its line feed. Its social
// security numbers are masked.
func (r *Record) AppendJSON(dst []byte, now time.Time) []byte {
	r = r.masked()
	name := func(name string) {
		dst = append(dst, ',', '"')
		dst = append(dst, name...)
		dst = append(dst, '"', ':')
	}
	text := func(member, value string) {
		name(member)
		dst = rawjson.AppendString(dst, value)
	}
	number := func(member string, value int64) {
		name(member)
		dst = strconv.AppendInt(dst, value, 10)
	}
	dst = append(dst, `{"schema":"`+schema+`"`...)
	text("session_id", r.SessionID)
	text("timestamp", now.UTC().Format("2006-01-02T15:04:05.000Z"))
	text("daemon", Daemon)
	text("kind", r.Kind)
	text("provider", r.Provider)
	text("model", r.Model)
	text("prompt", r.Prompt)
	number("iterations", r.Iterations)
	number("max_iterations", r.MaxIterations)
	text("final_verdict", r.FinalVerdict)
	name("attempts")
	dst = AppendAttempts(dst, r.Attempts)
	name("artifact")
	if r.Artifact.Kind() == rawjson.Invalid {
		dst = append(dst, "null"...)
	} else {
		dst = appendMasked(dst, r.Artifact)
	}
	name("grounded_in_roster")
	if r.GroundedInRoster == nil {
		dst = append(dst, "null"...)
	} else {
		dst = strconv.AppendBool(dst, *r.GroundedInRoster)
	}
	name("error")
	if r.Error == nil {
		dst = append(dst, "null"...)
	} else {
		dst = rawjson.AppendString(dst, *r.Error)
	}
	number("duration_ms", r.DurationMS)
	return append(dst, '}')
}

// AppendAttempts appends an array of attempts.
func AppendAttempts(dst []byte, attempts []Attempt) []byte {
	dst = append(dst, '[')
	for i, a := range attempts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"iteration":`...)
		dst = strconv.AppendInt(dst, a.Iteration, 10)
		dst = append(dst, `,"verdict":`...)
		dst = rawjson.AppendString(dst, a.Verdict)
		dst = append(dst, `,"raw":`...)
		dst = rawjson.AppendString(dst, a.Raw)
		dst = append(dst, `,"error":`...)
		if a.Error == nil {
			dst = append(dst, "null"...)
		} else {
			dst = a.Error.AppendJSON(dst)
		}
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

// Append adds a line, without its line feed, to the log below root. It is on
// the disk on return.
func Append(root string, line []byte) error {
	return appendfile.Line(filepath.Join(root, "sessions.jsonl"), line)
}
