// Package iterate asks a model for an artifact until it passes validation.
package iterate

import (
	"fmt"

	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/text"
	"lakehouse.invalid/peer/internal/validate"
	"lakehouse.invalid/peer/internal/wire"
)

const defaultIterations = 3

// Request is a request to iterate. RawContext is the context's text, of kind
// Invalid when there is none; System is nil for the kind's own text.
type Request struct {
	Kind, Prompt, Provider, Model string
	Context                       validate.Context
	RawContext                    rawjson.Value
	MaxIterations                 int64
	System                        *string
	Temperature                   rawjson.Value
	MaxTokens                     int64
}

var (
	requestFields = []string{
		"kind", "prompt", "context", "provider", "model", "max_iterations", "system", "temperature", "max_tokens",
	}

	isString = fields.Is(rawjson.String)
	notBlank = fields.String(func(s string) bool { return !text.Blank(s) })
)

func isTemperature(v rawjson.Value) bool { return v.Between(2) }

// ReadRequest reads a request body; its errors are problems.
func ReadRequest(body []byte) (*Request, error) {
	members, err := wire.ReadObject(body, requestFields)
	if err != nil {
		return nil, err
	}
	r := fields.Reader{Members: members}
	req := &Request{MaxIterations: defaultIterations}
	req.Kind = r.Required("kind", validate.OneOfKinds, fields.OneOf(validate.Kinds...)).Text()
	req.Prompt = r.Required("prompt", "a string that is not blank", notBlank).Text()
	req.RawContext = r.Optional("context", "an object", fields.Is(rawjson.Object))
	req.Provider = r.Required("provider", "a string", isString).Text()
	req.Model = r.Required("model", "a string that is not blank", notBlank).Text()
	if n, ok := r.Optional("max_iterations", "an integer from 1 to 10", fields.Integer(1, 10)).Integer(); ok {
		req.MaxIterations = n
	}
	if system := r.Optional("system", "a string", isString); system.Kind() == rawjson.String {
		s := system.Text()
		req.System = &s
	}
	req.Temperature = r.Optional("temperature", "a number from 0 to 2", isTemperature)
	req.MaxTokens, _ = r.Optional("max_tokens", "an integer from 1 to 32768", fields.Integer(1, 32768)).Integer()
	if r.Err() != nil {
		return nil, wire.AsProblem(r.Err())
	}
	req.Context, err = validate.ReadContext(req.RawContext)
	return req, err
}

func unknownProvider(name, configured string) error {
	return wire.BadRequest(fmt.Sprintf("unknown provider `%s`; configured: %s", name, configured))
}
