// Package validate checks drafted fills, emails, text messages and playbook
// entries.
package validate

import (
	"fmt"

	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/rawjson"
)

// Stage is the stage of the checks that a failure belongs to.
type Stage string

// The stages, in the order of the checks.
const (
	Schema       Stage = "Schema"
	Completeness Stage = "Completeness"
	Consistency  Stage = "Consistency"
	Policy       Stage = "Policy"
)

// Failure is a rule that an artifact breaks. Only Schema failures have a
// Field.
type Failure struct {
	Stage         Stage
	Field, Reason string
}

// String returns the failure as a sentence for the model that wrote the
// artifact.
func (f Failure) String() string {
	if f.Stage == Schema {
		return fmt.Sprintf("`%s` %s", f.Field, f.Reason)
	}
	return f.Reason
}

// AppendJSON appends the failure's envelope.
func (f Failure) AppendJSON(dst []byte) []byte {
	dst = append(dst, `{"`...)
	dst = append(dst, f.Stage...)
	dst = append(dst, `":{`...)
	if f.Stage == Schema {
		dst = append(dst, `"field":`...)
		dst = rawjson.AppendString(dst, f.Field)
		dst = append(dst, ',')
	}
	dst = append(dst, `"reason":`...)
	dst = rawjson.AppendString(dst, f.Reason)
	return append(dst, '}', '}')
}

// AppendFailures appends an array of envelopes.
func AppendFailures(dst []byte, failures []Failure) []byte {
	dst = append(dst, '[')
	for i, f := range failures {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = f.AppendJSON(dst)
	}
	return append(dst, ']')
}

var flatKinds = map[string]Stage{
	"schema":       Schema,
	"completeness": Completeness,
	"consistency":  Consistency,
	"policy":       Policy,
}

// ReadFailure reads a failure from a stored record: the envelope, or the old
// flat shape.
func ReadFailure(v rawjson.Value) (Failure, bool) {
	members := v.Members()
	if len(members) == 0 {
		return Failure{}, false
	}
	if _, flat := members.Get("Kind"); flat {
		return readFlat(members)
	}
	stage := Stage(members[0].Name)
	switch stage {
	case Schema, Completeness, Consistency, Policy:
	default:
		return Failure{}, false
	}
	if _, other := fields.Unknown(members, []string{string(stage)}); other {
		return Failure{}, false
	}
	body, _ := members.Get(string(stage))
	inner := body.Members()
	known := []string{"reason"}
	if stage == Schema {
		known = []string{"field", "reason"}
	}
	if _, other := fields.Unknown(inner, known); other {
		return Failure{}, false
	}
	f := Failure{Stage: stage}
	r := fields.Reader{Members: inner}
	if stage == Schema {
		f.Field = r.Required("field", "a string", isString).Text()
	}
	f.Reason = r.Required("reason", "a string", isString).Text()
	return f, r.Err() == nil
}

func readFlat(members rawjson.Members) (Failure, bool) {
	if _, other := fields.Unknown(members, []string{"Kind", "Field", "Reason"}); other {
		return Failure{}, false
	}
	r := fields.Reader{Members: members}
	f := Failure{
		Stage:  flatKinds[r.Required("Kind", "a string", isString).Text()],
		Reason: r.Required("Reason", "a string", isString).Text(),
	}
	if _, there := members.Get("Field"); there || f.Stage == Schema {
		field := r.Required("Field", "a string", isString).Text()
		if f.Stage == Schema {
			f.Field = field
		}
	}
	return f, r.Err() == nil && f.Stage != ""
}

// Finding is a remark that does not reject an artifact.
type Finding struct {
	Field, Severity, Message string
}

// AppendFindings appends an array of findings.
func AppendFindings(dst []byte, findings []Finding) []byte {
	dst = append(dst, '[')
	for i, f := range findings {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"field":`...)
		dst = rawjson.AppendString(dst, f.Field)
		dst = append(dst, `,"severity":`...)
		dst = rawjson.AppendString(dst, f.Severity)
		dst = append(dst, `,"message":`...)
		dst = rawjson.AppendString(dst, f.Message)
		dst = append(dst, '}')
	}
	return append(dst, ']')
}
