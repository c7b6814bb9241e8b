// Package wire is shared by all HTTP surfaces: problems, and the reading of
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

// titles are the standard phrases of RFC 9110; net/http has two of them in an
// older wording.
var titles = map[int]string{
	400: "Bad Request",
	403: "Forbidden",
	404: "Not Found",
	405: "Method Not Allowed",
	409: "Conflict",
	413: "Content Too Large",
	415: "Unsupported Media Type",
	422: "Unprocessable Content",
	502: "Bad Gateway",
	507: "Insufficient Storage",
}

// The names of a read text in its errors: the body of a request, or a line of
// one.
const (
	Body = "request body"
	Line = "line"
)

// Problem is an error answered as RFC 9457 problem details.
type Problem struct {
	Status int
	Detail string
}

func (p *Problem) Error() string { return p.Detail }

// BadRequest returns a problem of status 400.
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

// TooLarge returns the problem of a body or line that is over MaxBody.
func TooLarge(subject string) *Problem {
	return &Problem{413, fmt.Sprintf("%s is larger than %d bytes", subject, MaxBody)}
}

// CutOff returns the problem of a body whose sender disconnected.
func CutOff() *Problem { return BadRequest("request body was cut off") }

// ReadObject reads a request body that must be an object with only known
// members.
func ReadObject(body []byte, known []string) (rawjson.Members, error) {
	return ReadObjectAs(Body, body, known)
}

// ReadObjectAs reads a text like ReadObject, but calls it subject in errors.
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

// CheckKnown rejects a member that is not in known; prefix precedes its name
// in the problem.
func CheckKnown(members rawjson.Members, prefix string, known []string) error {
	name, found := fields.Unknown(members, known)
	if !found {
		return nil
	}
	return BadRequest(fmt.Sprintf("unknown field `%s%s`; expected one of %s", prefix, name, fields.List(known)))
}

// AsProblem converts an error to a problem of status 400, unless it is a
// problem already.
func AsProblem(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return BadRequest(err.Error())
}
