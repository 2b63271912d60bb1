%% cache, version 1: it is filled after its start, forgets everything when nobody
%% asks for a while, and lets who wants to wait for a value.
-module(cache).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_continue/2, handle_call/3, handle_cast/2, handle_info/2]).

-define(IDLE, 700).

start_link(Name, First) -> gen_server:start_link({local, Name}, ?MODULE, First, []).

init(First) -> {ok, #{entries => #{}, waiting => []}, {continue, First}}.

handle_continue(First, #{entries := Entries} = State) ->
    {noreply, State#{entries := Entries#{first => First}}}.

handle_call({get, Key}, _, #{entries := Entries} = State) ->
    {reply, maps:get(Key, Entries, -1), State, ?IDLE};
handle_call({put, Key, Value}, _, State) ->
    {reply, Value, put(Key, Value, State), hibernate};
handle_call(wait, From, #{waiting := Waiting} = State) ->
    {noreply, State#{waiting := Waiting ++ [From]}};
handle_call(stop, _, State) ->
    {stop, shutdown, 0, State}.

handle_cast({put, Key, Value}, State) -> {noreply, put(Key, Value, State)};
handle_cast(clear, State) -> {noreply, State, 0}.

handle_info(timeout, State) -> {noreply, State#{entries := #{}}};
handle_info(_, State) -> {noreply, State}.

put(Key, Value, #{entries := Entries, waiting := Waiting} = State) ->
    [gen_server:reply(From, Value) || From <- Waiting],
    State#{entries := Entries#{Key => Value}, waiting := []}.
