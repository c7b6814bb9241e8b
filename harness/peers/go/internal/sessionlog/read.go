package sessionlog

import (
	"errors"
	"fmt"
	"time"

	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/validate"
)

var (
	recordFields = []string{
		"session_id", "kind", "provider", "model", "prompt", "iterations", "max_iterations", "final_verdict",
		"attempts", "artifact", "grounded_in_roster", "error", "duration_ms",
	}
	attemptFields = []string{"iteration", "verdict", "raw", "error"}
	verdicts      = []string{Accepted, MaxIterExhausted, InfraError}

	isString = fields.Is(rawjson.String)
	from0    = fields.Integer(0, rawjson.MaxInteger)
	from1    = fields.Integer(1, rawjson.MaxInteger)
)

const maxDepth = 128

// Read reads a record without schema, time and writer's name. The error is in
// the contract's words.
func Read(line []byte) (*Record, error) {
	v, err := rawjson.Parse(line, maxDepth)
	switch {
	case errors.Is(err, rawjson.ErrDepth):
		return nil, fmt.Errorf("input nests deeper than %d levels", maxDepth)
	case err != nil:
		return nil, errors.New("input line is not valid JSON")
	case v.Kind() != rawjson.Object:
		return nil, errors.New("input must be a JSON object")
	}
	members := v.Members()
	if name, found := fields.Unknown(members, recordFields); found {
		return nil, fmt.Errorf("unknown field `%s`", name)
	}
	r := fields.Reader{Members: members}
	text := func(name string) string { return r.Required(name, "a string", isString).Text() }
	integer := func(name, want string, fits fields.Test) int64 {
		n, _ := r.Required(name, want, fits).Integer()
		return n
	}
	rec := &Record{
		SessionID:     text("session_id"),
		Kind:          r.Required("kind", validate.OneOfKinds, fields.OneOf(validate.Kinds...)).Text(),
		Provider:      text("provider"),
		Model:         text("model"),
		Prompt:        text("prompt"),
		Iterations:    integer("iterations", "an integer of at least 0", from0),
		MaxIterations: integer("max_iterations", "an integer of at least 1", from1),
		FinalVerdict:  r.Required("final_verdict", "one of "+fields.List(verdicts), fields.OneOf(verdicts...)).Text(),
	}
	for _, e := range r.Required("attempts", "an array of attempts", fields.ArrayOf(isAttempt)).Elements() {
		a, _ := readAttempt(e)
		rec.Attempts = append(rec.Attempts, a)
	}
	rec.Artifact = r.Required("artifact", "an object or null", fields.OrNull(fields.Is(rawjson.Object)))
	if v := r.Required("grounded_in_roster", "a boolean or null", fields.OrNull(fields.Is(rawjson.Bool))); v.Kind() == rawjson.Bool {
		grounded := v.Bool()
		rec.GroundedInRoster = &grounded
	}
	if v := r.Required("error", "a string or null", fields.OrNull(isString)); v.Kind() == rawjson.String {
		text := v.Text()
		rec.Error = &text
	}
	rec.DurationMS = integer("duration_ms", "an integer of at least 0", from0)
	return rec, r.Err()
}

func isAttempt(v rawjson.Value) bool {
	_, ok := readAttempt(v)
	return ok
}

func readAttempt(v rawjson.Value) (Attempt, bool) {
	members := v.Members()
	if _, found := fields.Unknown(members, attemptFields); found {
		return Attempt{}, false
	}
	r := fields.Reader{Members: members}
	var a Attempt
	a.Iteration, _ = r.Required("iteration", "an integer", from1).Integer()
	a.Verdict = r.Required("verdict", "a verdict", fields.OneOf(Accepted, NoJSON, ValidationFailed, CutOff)).Text()
	a.Raw = r.Required("raw", "a string", isString).Text()
	failure := r.Required("error", "a failure or null", fields.Any)
	if r.Err() != nil {
		return Attempt{}, false
	}
	if failure.Kind() == rawjson.Null {
		return a, true
	}
	f, ok := validate.ReadFailure(failure)
	a.Error = &f
	return a, ok
}

// Line answers one line of the helper; with a root the record is also
// appended to the log below it.
func Line(line, dst []byte, root string) []byte {
	rec, err := Read(line)
	if err != nil {
		return appendError(dst, err.Error())
	}
	start := len(dst)
	dst = rec.AppendJSON(dst, time.Now())
	if root != "" && Append(root, dst[start:]) != nil {
		return appendError(dst[:start], "session record cannot be written")
	}
	return dst
}

func appendError(dst []byte, text string) []byte {
	dst = append(dst, `{"error":`...)
	dst = rawjson.AppendString(dst, text)
	return append(dst, '}')
}
