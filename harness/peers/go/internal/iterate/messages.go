package iterate

import (
	"strconv"

	"lakehouse.invalid/peer/internal/ollama"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/sessionlog"
	"lakehouse.invalid/peer/internal/validate"
)

const systemText = "You draft one JSON object for a staffing coordinator. Answer with that object alone, " +
	"without prose and without a code fence. Its shape: "

// shapes are the shapes that the system texts describe, by kind.
var shapes = map[string]string{
	"fill":     `{"fills":[{"worker_id":"w-1","name":"First Last"}]}`,
	"email":    `{"to":"address","subject":"text","body":"text","worker_id":"w-1"}`,
	"sms":      `{"to":"phone number","body":"text of at most 160 characters","worker_id":"w-1"}`,
	"playbook": `{"query_text":"text","answer_id":"w-1","answer_corpus":"workers","score":0.9,"role":"text"}`,
}

// opening returns the conversation before the first reply.
func opening(req *Request) []ollama.Message {
	system := systemText + shapes[req.Kind]
	if req.System != nil {
		system = *req.System
	}
	prompt := req.Prompt
	if req.RawContext.Kind() == rawjson.Object {
		prompt += "\n\nContext: " + string(req.RawContext.AppendCompact(nil))
	}
	return []ollama.Message{{Role: "system", Content: system}, {Role: "user", Content: prompt}}
}

// correction is the message to the model about a rejected reply.
func correction(reason string) ollama.Message {
	return ollama.Message{
		Role: "user",
		Content: "Your answer was not accepted: " + reason +
			". Answer again with one corrected JSON object and nothing else.",
	}
}

var statuses = map[string]int{
	sessionlog.Accepted:         200,
	sessionlog.MaxIterExhausted: 422,
	sessionlog.InfraError:       502,
}

// respond returns the answer's status and body.
func respond(req *Request, trace string, out *outcome) (int, []byte) {
	dst := append([]byte(nil), `{"verdict":"`+out.verdict+`","trace_id":`...)
	dst = rawjson.AppendString(dst, trace)
	dst = append(dst, `,"kind":"`+req.Kind+`","iterations":`...)
	dst = strconv.AppendInt(dst, int64(len(out.attempts)), 10)
	switch out.verdict {
	case sessionlog.Accepted:
		dst = append(dst, `,"artifact":`...)
		dst = out.artifact.AppendCompact(dst)
		dst = append(dst, `,"findings":`...)
		dst = validate.AppendFindings(dst, out.findings)
	case sessionlog.InfraError:
		dst = append(dst, `,"error":`...)
		dst = rawjson.AppendString(dst, out.failure)
	}
	dst = append(dst, `,"attempts":`...)
	dst = sessionlog.AppendAttempts(dst, out.attempts)
	return statuses[out.verdict], append(dst, '}')
}
