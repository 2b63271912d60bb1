%% registry: keeps a sampler that others give it, and asks it.
-module(registry).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{sampler => none}}.

handle_call({sample, _}, _, #{sampler := none} = State) ->
    {reply, none, State};
handle_call({sample, N}, _, #{sampler := Sampler} = State) ->
    {reply, Sampler(N), State}.

handle_cast({sampler, Sampler}, State) ->
    {noreply, State#{sampler := Sampler}}.
