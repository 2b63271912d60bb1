%% metronome, version 1: beats once a minute.
-module(metronome).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, handle_info/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{beats => 0, timer => start()}}.

%% It has one tempo.
handle_call(beats, _, #{beats := N} = State) -> {reply, N, State};
handle_call({tempo, _}, _, #{beats := N} = State) -> {reply, N, State}.

handle_cast(never, State) -> {noreply, State}.

handle_info(tick, #{beats := N} = State) -> {noreply, State#{beats := N + 1, timer := start()}}.

start() -> erlang:send_after(60000, self(), tick).
