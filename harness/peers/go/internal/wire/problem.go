// Package wire has what all HTTP surfaces share: problems and the reading of
// request bodies.
package wire

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/rawjson"
)

// Limits of a request body.
const (
	MaxBody  = 1 << 20
	MaxDepth = 128
)

// titles are the standard phrases of RFC 9110, two of which net/http has in an
// older wording.
var titles = map[int]string{
	400: "Bad Request",
	404: "Not Found",
	405: "Method Not Allowed",
	409: "Conflict",
	413: "Content Too Large",
	422: "Unprocessable Content",
	502: "Bad Gateway",
	507: "Insufficient Storage",
}

// What a text that is read is called in its errors: the body of a request, or
// a line of one.
const (
	Body = "request body"
	Line = "line"
)

// Problem is an error that is answered as RFC 9457 problem details.
type Problem struct {
	Status int
	Detail string
}

func (p *Problem) Error() string { return p.Detail }

// BadRequest is a problem of status 400.
func BadRequest(detail string) *Problem { return &Problem{400, detail} }

// AppendJSON appends the problem's body; an empty trace is left out.
func (p *Problem) AppendJSON(dst []byte, trace string) []byte {
	dst = append(dst, `{"type":"about:blank","title":`...)
	dst = rawjson.AppendString(dst, titles[p.Status])
	dst = append(dst, `,"status":`...)
	dst = strconv.AppendInt(dst, int64(p.Status), 10)
	dst = append(dst, `,"detail":`...)
	dst = rawjson.AppendString(dst, p.Detail)
	if trace != "" {
		dst = append(dst, `,"trace_id":`...)
		dst = rawjson.AppendString(dst, trace)
	}
	return append(dst, '}')
}

// TooLarge is the problem of a body or line that is over MaxBody.
func TooLarge(subject string) *Problem {
	return &Problem{413, fmt.Sprintf("%s is larger than %d bytes", subject, MaxBody)}
}

// CutOff is the problem of a body whose sender went away.
func CutOff() *Problem { return BadRequest("request body was cut off") }

// ReadObject reads a request body that must be an object with no other members
// than the known ones.
func ReadObject(body []byte, known []string) (rawjson.Members, error) {
	return ReadObjectAs(Body, body, known)
}

// ReadObjectAs reads a text as ReadObject does, but calls it subject.
func ReadObjectAs(subject string, text []byte, known []string) (rawjson.Members, error) {
	if len(text) > MaxBody {
		return nil, TooLarge(subject)
	}
	if !utf8.Valid(text) {
		return nil, BadRequest(subject + " is not valid UTF-8")
	}
	v, err := rawjson.Parse(text, MaxDepth)
	switch {
	case errors.Is(err, rawjson.ErrDepth):
		return nil, BadRequest(fmt.Sprintf("%s nests deeper than %d levels", subject, MaxDepth))
	case err != nil:
		return nil, BadRequest(subject + " is not valid JSON")
	case v.Kind() != rawjson.Object:
		return nil, BadRequest(subject + " must be a JSON object")
	}
	members := v.Members()
	return members, CheckKnown(members, "", known)
}

// CheckKnown refuses a member that is none of known; prefix stands before its
// name in the problem.
func CheckKnown(members rawjson.Members, prefix string, known []string) error {
	name, found := fields.Unknown(members, known)
	if !found {
		return nil
	}
	return BadRequest(fmt.Sprintf("unknown field `%s%s`; expected one of %s", prefix, name, fields.List(known)))
}

// AsProblem makes a problem of status 400 of an error that is not one yet.
func AsProblem(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return BadRequest(err.Error())
}
