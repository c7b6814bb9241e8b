package ollama

import (
	"context"
	"strconv"

	"lakehouse.invalid/peer/internal/rawjson"
)

// Message is a turn of a conversation.
type Message struct {
	Role, Content string
}

// Options control the reply. A Temperature of kind Invalid and a MaxTokens of
// 0 are not sent.
type Options struct {
	Temperature rawjson.Value
	MaxTokens   int64
}

// Reply is a model's text. CutOff means that it ended at a limit of its length.
type Reply struct {
	Text   string
	CutOff bool
}

// Chat returns the reply to a conversation. Reasoning that the server keeps in
// other members of the message is not part of it.
func (c *Client) Chat(ctx context.Context, model string, messages []Message, opts Options) (Reply, error) {
	body := chatBody(model, messages, opts)
	answer, err := c.post(ctx, "/api/chat", body, c.chatTimeout)
	if err != nil {
		return Reply{}, err
	}
	v, err := rawjson.Parse(answer, 0)
	if err != nil {
		return Reply{}, ErrMalformed
	}
	message, _ := v.Members().Get("message")
	content, _ := message.Members().Get("content")
	if content.Kind() != rawjson.String {
		return Reply{}, ErrMalformed
	}
	reason, _ := v.Members().Get("done_reason")
	return Reply{Text: content.Text(), CutOff: reason.TextIs("length")}, nil
}

func chatBody(model string, messages []Message, opts Options) []byte {
	body := append([]byte(nil), `{"model":`...)
	body = rawjson.AppendString(body, model)
	body = append(body, `,"messages":[`...)
	for i, m := range messages {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, `{"role":`...)
		body = rawjson.AppendString(body, m.Role)
		body = append(body, `,"content":`...)
		body = rawjson.AppendString(body, m.Content)
		body = append(body, '}')
	}
	body = append(body, `],"stream":false`...)
	temperature := opts.Temperature.Kind() != rawjson.Invalid
	if temperature || opts.MaxTokens != 0 {
		body = append(body, `,"options":{`...)
		if temperature {
			body = append(body, `"temperature":`...)
			body = opts.Temperature.AppendCompact(body)
		}
		if opts.MaxTokens != 0 {
			if temperature {
				body = append(body, ',')
			}
			body = append(body, `"num_predict":`...)
			body = strconv.AppendInt(body, opts.MaxTokens, 10)
		}
		body = append(body, '}')
	}
	return append(body, '}')
}
