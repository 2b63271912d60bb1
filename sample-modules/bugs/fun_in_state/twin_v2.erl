%% pricing, version 2: takes a discount off each price.
-module(pricing).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, code_change/3, price/1]).

-define(DISCOUNT, 1).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{price => fun ?MODULE:price/1, quotes => 0, discount => ?DISCOUNT}}.

handle_call({quote, N}, _, #{price := Price, quotes := Quotes, discount := Less} = State) ->
    {reply, Price(N) - Less, State#{quotes := Quotes + 1}}.

handle_cast(never, State) -> {noreply, State}.

code_change("1", #{price := _, quotes := _} = State, _) -> {ok, State#{discount => ?DISCOUNT}};
code_change({down, "1"}, State, _) -> {ok, maps:remove(discount, State)}.

price(N) -> 2 * N.
